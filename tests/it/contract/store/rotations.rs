//! Rotations of refresh tokens.

use std::sync::Arc;

use svc::domain::{Audiences, Client, RevocationReason, Role, Salt, Session, User, UserStatus};
use svc::ports::store::{Rotated, Rotation, Rotations, Store};
use tokio::task::JoinSet;

use crate::support::{Backend, both_backends, given};

/// Rotates the newest refresh token of a session at this second.
pub(super) fn rotation(session: &Session, second: i64) -> Rotation {
    Rotation {
        session_id: session.id,
        generation: session.generation,
        salt: session.salt,
        client: Client::new(Some("192.0.2.7".parse().unwrap()), None),
        at: given::second(second),
        idle_expires_at: given::second(second + 100),
        audiences: audiences(&["https://shop.example.com"]),
        reads_user: false,
    }
}

/// Returns the name of the service with these other audiences.
fn audiences(others: &[&str]) -> Arc<Audiences> {
    let others = others.iter().map(|other| given::audience(other)).collect();
    Arc::new(Audiences::new(given::audience("http://svc.test"), others))
}

/// Returns the result of a rotation that asked for the role alone.
fn with_role(session: &Session, role: Role) -> Rotated {
    Rotated { session: session.clone(), role, user: None }
}

/// Returns the session after that rotation.
fn rotated(session: &Session, second: i64) -> Session {
    let Rotation { client, at, idle_expires_at, .. } = rotation(session, second);
    let (generation, opener) = (session.generation + 1, session.opened_by().cloned());
    Session { generation, client, opener, rotated_at: at, idle_expires_at, ..session.clone() }
}

both_backends! {
    async fn a_rotation_raises_the_generation_once(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let session = given::session(user.id);
        let other = given::session(user.id);
        given::store_sessions(&db.store, &[session.clone(), other.clone()]).await;
        let once = rotated(&session, 10);
        assert_eq!(db.store.rotate(&rotation(&session, 10)).await, Ok(Some(with_role(&once, Role::User))));
        assert_eq!(db.store.sessions().find(session.id).await, Ok(Some(once.clone())));
        assert_eq!(db.store.rotate(&rotation(&session, 10)).await, Ok(None), "the generation was used");
        let twice = rotated(&once, 20);
        assert_eq!(db.store.rotate(&rotation(&once, 20)).await, Ok(Some(with_role(&twice, Role::User))));
        assert_eq!(db.store.sessions().find(session.id).await, Ok(Some(twice)));
        assert_eq!(db.store.sessions().find(other.id).await, Ok(Some(other)));
    }

    async fn a_rotation_returns_the_user_if_it_is_asked_for(backend: Backend) {
        let db = backend.database().await;
        let user = User { name: None, ..given::user("o'neil@example.com") };
        given::store_users(&db.store, std::slice::from_ref(&user)).await;
        given::stored_user(&db.store, "other@example.com").await;
        let audience = Some(given::audience("https://shop.example.com"));
        let session = Session { audience, ..given::session(user.id) };
        given::store_sessions(&db.store, std::slice::from_ref(&session)).await;
        let asking = Rotation { reads_user: true, ..rotation(&session, 10) };
        let next = rotated(&session, 10);
        let expected = Rotated { session: next, role: user.role, user: Some(user) };
        assert_eq!(db.store.rotate(&asking).await, Ok(Some(expected)));
        assert_eq!(db.store.rotate(&asking).await, Ok(None), "the generation was used");
    }

    async fn only_a_session_with_one_of_the_audiences_rotates(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        for (audience, others, rotates) in [
            (None, &[][..], true),
            (None, &["shop"], true),
            (Some("shop"), &["shop"], true),
            (Some("shop"), &["reports", "shop", "more"], true),
            (Some("a'b %_\\"), &["x", "a'b %_\\"], true),
            (Some("shop"), &[], false),
            (Some("shop"), &["shops", "ashop", "Shop", "sho"], false),
            (Some("sh%"), &["shop"], false),
            // This service itself: no log-in stores it.
            (Some("http://svc.test"), &["shop"], false),
        ] {
            let session = Session { audience: audience.map(given::audience), ..given::session(user.id) };
            given::store_sessions(&db.store, std::slice::from_ref(&session)).await;
            let rotation = Rotation { audiences: audiences(others), ..rotation(&session, 10) };
            let found = db.store.rotate(&rotation).await.unwrap();
            assert_eq!(found.is_some(), rotates, "{audience:?} of {others:?}");
            let after = if rotates { rotated(&session, 10) } else { session.clone() };
            assert_eq!(db.store.sessions().find(session.id).await, Ok(Some(after)));
        }
    }

    async fn only_a_live_session_of_an_active_user_rotates(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let revoked = Some(given::revocation(3, RevocationReason::LoggedOut));
        let ended = Session { revoked, ..given::session(user.id) };
        let idle = given::session(user.id);
        let old = Session { absolute_expires_at: given::second(50), ..given::session(user.id) };
        let fresh = given::session(user.id);
        given::store_sessions(&db.store, &[ended.clone(), idle.clone(), old.clone(), fresh.clone()]).await;
        let refused = [
            rotation(&ended, 10),
            rotation(&idle, 100),
            rotation(&old, 50),
            rotation(&given::session(user.id), 10),
            rotation(&Session { generation: 1, ..fresh.clone() }, 10),
            rotation(&Session { salt: Salt([8; 16]), ..fresh.clone() }, 10),
        ];
        for refused in refused {
            assert_eq!(db.store.rotate(&refused).await, Ok(None), "{refused:?}");
        }
        let set = async |user: &User| {
            let mut work = db.store.begin().await.unwrap();
            work.users().update(user).await.unwrap();
            work.commit().await.unwrap();
        };
        set(&User { status: UserStatus::Locked, ..user.clone() }).await;
        assert_eq!(db.store.rotate(&rotation(&fresh, 10)).await, Ok(None), "the user is locked");
        for untouched in [ended, idle, old, fresh.clone()] {
            assert_eq!(db.store.sessions().find(untouched.id).await, Ok(Some(untouched)));
        }
        set(&User { role: Role::Admin, ..user }).await;
        let next = rotated(&fresh, 99);
        assert_eq!(db.store.rotate(&rotation(&fresh, 99)).await, Ok(Some(with_role(&next, Role::Admin))));
    }

    async fn a_rotation_does_not_outlive_the_absolute_end(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let session = Session { absolute_expires_at: given::second(105), ..given::session(user.id) };
        given::store_sessions(&db.store, std::slice::from_ref(&session)).await;
        let next = db.store.rotate(&rotation(&session, 5)).await.unwrap().unwrap().session;
        assert_eq!(next.idle_expires_at, given::second(105));
        let last = db.store.rotate(&rotation(&next, 6)).await.unwrap().unwrap().session;
        assert_eq!(last.idle_expires_at, given::second(105));
    }

    async fn of_a_hundred_rotations_at_once_one_wins(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let session = given::session(user.id);
        given::store_sessions(&db.store, std::slice::from_ref(&session)).await;
        let stores = [db.store.clone(), db.another_store()];
        let mut rotations = JoinSet::new();
        for n in 0..100 {
            let (store, rotation) = (stores[n % 2].clone(), rotation(&session, 10));
            rotations.spawn(async move { store.rotate(&rotation).await.unwrap() });
        }
        assert_eq!(rotations.join_all().await.into_iter().flatten().count(), 1);
        assert_eq!(db.store.sessions().find(session.id).await, Ok(Some(rotated(&session, 10))));
    }
}
