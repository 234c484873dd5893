//! Refresh tokens that could not be delivered.

use svc::domain::Session;
use svc::ports::store::{Rotations as _, Store as _};

use sqlx::{Connection as _, PgConnection};

use super::rotations::rotation;
use crate::support::{Backend, both_backends, database, given};

both_backends! {
    async fn the_newest_refresh_token_could_not_be_delivered(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let [lost, other] = [given::session(user.id), given::session(user.id)];
        given::store_sessions(&db.store, &[lost.clone(), other.clone()]).await;
        let lost = db.store.rotate(&rotation(&lost, 20)).await.unwrap().unwrap().session;
        let mark = async |generation| {
            let mut work = db.store.begin().await.unwrap();
            work.rotations().mark_undelivered(lost.id, generation).await.unwrap();
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
        let next = db.store.rotate(&rotation(&marked, 30)).await.unwrap().unwrap().session;
        assert_eq!((next.generation, next.undelivered), (2, Some(1)));
    }
}

/// As while a synchronous standby is away: the process that gave the COMMIT up finds the generation as it was
/// before.
#[test]
fn a_mark_waits_for_a_rotation_whose_commit_goes_on() {
    database::run(Backend::Postgres, async |backend| {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let session = given::session(user.id);
        given::store_sessions(&db.store, std::slice::from_ref(&session)).await;
        let mut given_up = PgConnection::connect(&db.url()).await.unwrap();
        let rotates = "BEGIN; UPDATE sessions SET generation = 1";
        sqlx::raw_sql(rotates).execute(&mut given_up).await.unwrap();
        let mark = async {
            let mut work = db.store.begin().await.unwrap();
            work.rotations().mark_undelivered(session.id, 1).await.unwrap();
            work.commit().await.unwrap();
        };
        let commit = async {
            db.until_blocked().await;
            sqlx::raw_sql("COMMIT").execute(&mut given_up).await.unwrap();
        };
        tokio::join!(mark, commit);
        let stored = db.store.sessions().find(session.id).await.unwrap().unwrap();
        assert_eq!((stored.generation, stored.undelivered), (1, Some(1)));
    });
}
