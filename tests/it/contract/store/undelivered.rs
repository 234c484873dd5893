//! Refresh tokens that could not be delivered.

use svc::domain::Session;
use svc::ports::store::{SessionStore as _, Store as _};

use super::sessions::rotation;
use crate::support::{Backend, both_backends, given};

both_backends! {
    async fn the_newest_refresh_token_could_not_be_delivered(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let [lost, other] = [given::session(user.id), given::session(user.id)];
        given::store_sessions(&db.store, &[lost.clone(), other.clone()]).await;
        let (lost, _) = db.store.rotate(&rotation(&lost, 20)).await.unwrap().unwrap();
        let mark = async |generation| {
            let mut work = db.store.begin().await.unwrap();
            work.sessions().mark_undelivered(lost.id, generation).await.unwrap();
            work.commit().await.unwrap();
        };
        for generation in [0, 2] {
            mark(generation).await;
            assert_eq!(db.store.sessions().find(lost.id).await, Ok(Some(lost.clone())), "another generation");
        }
        mark(1).await;
        let marked = Session { undelivered: Some(1), ..lost };
        assert_eq!(db.store.sessions().find(marked.id).await, Ok(Some(marked.clone())));
        assert_eq!(db.store.sessions().find(other.id).await, Ok(Some(other)));
        // It stays, and does not apply to the next one.
        let (next, _) = db.store.rotate(&rotation(&marked, 30)).await.unwrap().unwrap();
        assert_eq!((next.generation, next.undelivered), (2, Some(1)));
    }
}
