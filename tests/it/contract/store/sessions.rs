//! Sessions.

use std::time::Duration;

use svc::domain::{Client, Revocation, RevocationReason, Session, SessionId, Timestamp, UserId};
use svc::ports::store::{SessionReader, Store};
use tokio::task::JoinSet;

use crate::support::{Backend, both_backends, given};

/// What a refresh at this second makes of a session.
fn rotated(session: &Session, second: i64) -> Session {
    let client = Client::new(Some("192.0.2.7".parse().unwrap()), None);
    session.rotated(client, given::second(second), Duration::from_secs(100))
}

both_backends! {
    async fn a_session_comes_back_as_it_went_in(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let plain = Session { client: Client::default(), ..given::session(user.id) };
        let other = Session {
            generation: u32::MAX,
            label: Some("cli".to_owned()),
            revoked: Some(given::revocation(3, RevocationReason::TokenReused)),
            ..given::session(user.id)
        };
        given::store_sessions(&db.store, &[plain.clone(), other.clone()]).await;
        for session in [plain, other] {
            assert_eq!(db.store.sessions().find(session.id).await, Ok(Some(session)));
        }
        assert_eq!(db.store.sessions().find(SessionId(given::id())).await, Ok(None));
    }

    async fn a_session_comes_with_its_user(backend: Backend) {
        let db = backend.database().await;
        let ada = given::stored_user(&db.store, "ada@example.com").await;
        let other = given::stored_user(&db.store, "other@example.com").await;
        let (hers, others) = (given::session(ada.id), given::session(other.id));
        given::store_sessions(&db.store, &[hers.clone(), others.clone()]).await;
        for (session, user) in [(hers, ada), (others, other)] {
            assert_eq!(db.store.find_with_user(session.id).await, Ok(Some((session, user))));
        }
        assert_eq!(db.store.find_with_user(SessionId(given::id())).await, Ok(None));
    }

    async fn every_moment_comes_back_and_sorts(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let last = 253_402_300_799_999_999;
        let micros = [
            -62_167_219_200_000_000, -1_000_001, -1, 0, 1, 999_999, 1_000_000, 1_780_000_000_000_000,
            1_780_000_000_000_001, 1_780_000_000_100_000, 1_780_000_001_000_000, last,
        ];
        let mut sessions = micros.map(|micros| Session {
            created_at: Timestamp::from_micros(micros).unwrap(),
            idle_expires_at: Timestamp::from_micros(last).unwrap(),
            absolute_expires_at: Timestamp::from_micros(last).unwrap(),
            ..given::session(user.id)
        });
        let (early, late) = sessions.split_at(6);
        given::store_sessions(&db.store, late).await;
        given::store_sessions(&db.store, early).await;
        sessions.reverse();
        assert_eq!(db.store.live_of(user.id, given::at(0)).await, Ok(sessions.to_vec()));
    }

    async fn the_live_sessions_of_a_user_newest_first(backend: Backend) {
        let db = backend.database().await;
        let ada = given::stored_user(&db.store, "ada@example.com").await;
        let other = given::stored_user(&db.store, "other@example.com").await;
        let first = given::session(ada.id);
        let second = Session { created_at: given::at(1), ..given::session(ada.id) };
        let revoked = Some(given::revocation(3, RevocationReason::LoggedOut));
        let ended = Session { revoked, ..given::session(ada.id) };
        let brief = Session { absolute_expires_at: given::second(50), ..given::session(ada.id) };
        let stranger = given::session(other.id);
        given::store_sessions(&db.store, &[second.clone(), first.clone(), ended, brief.clone(), stranger])
            .await;
        let live = async |now| db.store.live_of(ada.id, now).await.unwrap();
        assert_eq!(live(given::second(10)).await, [second.clone(), brief, first.clone()]);
        assert_eq!(live(given::second(50)).await, [second.clone(), first.clone()]);
        // A moment before the idle end, and at it.
        assert_eq!(live(given::at(99_999_999)).await, [second, first]);
        assert_eq!(live(given::second(100)).await, []);
    }

    async fn a_rotation_raises_the_generation_once(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let session = given::session(user.id);
        let other = given::session(user.id);
        given::store_sessions(&db.store, &[session.clone(), other.clone()]).await;
        let once = rotated(&session, 10);
        assert_eq!(db.store.rotate(0, &once).await, Ok(true));
        assert_eq!(db.store.sessions().find(session.id).await, Ok(Some(once.clone())));
        assert_eq!(db.store.rotate(0, &once).await, Ok(false), "the generation was used");
        let twice = rotated(&once, 20);
        assert_eq!(db.store.rotate(1, &twice).await, Ok(true));
        assert_eq!(db.store.sessions().find(session.id).await, Ok(Some(twice)));
        assert_eq!(db.store.sessions().find(other.id).await, Ok(Some(other)));
    }

    async fn a_session_is_rotated_where_it_was_found(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let session = given::session(user.id);
        given::store_sessions(&db.store, std::slice::from_ref(&session)).await;
        assert!(db.store.find_to_rotate(SessionId(given::id())).await.unwrap().is_none());
        // More often than there are connections: each comes back, whether something was rotated or not.
        for generation in 0..20 {
            drop(db.store.find_to_rotate(session.id).await.unwrap());
            let (found, whose, rotation) = db.store.find_to_rotate(session.id).await.unwrap().unwrap();
            assert_eq!((found.generation, &whose), (generation, &user));
            let next = rotated(&found, 10);
            assert_eq!(rotation.rotate(generation, &next).await, Ok(true));
            let (_, _, late) = db.store.find_to_rotate(session.id).await.unwrap().unwrap();
            assert_eq!(late.rotate(generation, &next).await, Ok(false), "the generation was used");
        }
    }

    async fn only_a_live_session_rotates(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let revoked = Some(given::revocation(3, RevocationReason::LoggedOut));
        let ended = Session { revoked, ..given::session(user.id) };
        let idle = given::session(user.id);
        let old = Session { absolute_expires_at: given::second(50), ..given::session(user.id) };
        let fresh = given::session(user.id);
        given::store_sessions(&db.store, &[ended.clone(), idle.clone(), old.clone(), fresh.clone()]).await;
        assert_eq!(db.store.rotate(0, &rotated(&ended, 10)).await, Ok(false));
        assert_eq!(db.store.rotate(0, &rotated(&idle, 100)).await, Ok(false));
        assert_eq!(db.store.rotate(0, &rotated(&old, 50)).await, Ok(false));
        assert_eq!(db.store.rotate(0, &rotated(&given::session(user.id), 10)).await, Ok(false));
        for untouched in [ended, idle, old] {
            assert_eq!(db.store.sessions().find(untouched.id).await, Ok(Some(untouched)));
        }
        let later = Session { generation: 1, ..fresh.clone() };
        assert_eq!(db.store.rotate(1, &rotated(&later, 10)).await, Ok(false), "not so far yet");
        assert_eq!(db.store.rotate(0, &rotated(&fresh, 99)).await, Ok(true));
    }

    async fn of_a_hundred_rotations_at_once_one_wins(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let session = given::session(user.id);
        given::store_sessions(&db.store, std::slice::from_ref(&session)).await;
        let stores = [db.store.clone(), db.another_store()];
        let mut rotations = JoinSet::new();
        for n in 0..100 {
            let (store, rotated) = (stores[n % 2].clone(), rotated(&session, 10));
            rotations.spawn(async move { store.rotate(0, &rotated).await.unwrap() });
        }
        assert_eq!(rotations.join_all().await.into_iter().filter(|won| *won).count(), 1);
        assert_eq!(db.store.sessions().find(session.id).await, Ok(Some(rotated(&session, 10))));
    }

    async fn a_session_is_ended_once_and_keeps_its_first_reason(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let (session, other) = (given::session(user.id), given::session(user.id));
        given::store_sessions(&db.store, &[session.clone(), other.clone()]).await;
        let first = given::revocation(10, RevocationReason::TokenReused);
        let second = given::revocation(20, RevocationReason::LoggedOut);
        let mut work = db.store.begin().await.unwrap();
        assert_eq!(work.sessions().revoke(session.id, first).await, Ok(true));
        assert_eq!(work.sessions().revoke(session.id, second).await, Ok(false));
        assert_eq!(work.sessions().revoke(SessionId(given::id()), second).await, Ok(false));
        work.commit().await.unwrap();
        let ended = Session { revoked: Some(first), ..session };
        assert_eq!(db.store.sessions().find(ended.id).await, Ok(Some(ended)));
        assert_eq!(db.store.sessions().find(other.id).await, Ok(Some(other)));
    }

    async fn every_live_session_of_a_user_is_ended_but_one(backend: Backend) {
        let db = backend.database().await;
        let ada = given::stored_user(&db.store, "ada@example.com").await;
        let other = given::stored_user(&db.store, "other@example.com").await;
        let [kept, one, two] = [(); 3].map(|()| given::session(ada.id));
        let before = given::revocation(1, RevocationReason::LoggedOut);
        let ended = Session { revoked: Some(before), ..given::session(ada.id) };
        let expired = Session { idle_expires_at: given::second(10), ..given::session(ada.id) };
        let stranger = given::session(other.id);
        let all = [&kept, &one, &two, &ended, &expired, &stranger].map(Clone::clone);
        given::store_sessions(&db.store, &all).await;

        let now = given::revocation(10, RevocationReason::PasswordChanged);
        let end_all = async |user: UserId, except: Option<SessionId>, now: Revocation| {
            let mut work = db.store.begin().await.unwrap();
            let mut ended = work.sessions().revoke_all_of(user, except, now).await.unwrap();
            work.commit().await.unwrap();
            ended.sort();
            ended
        };
        assert_eq!(end_all(ada.id, Some(kept.id), now).await, [one.id, two.id]);
        let (one, two) = (Session { revoked: Some(now), ..one }, Session { revoked: Some(now), ..two });
        for session in [&kept, &one, &two, &ended, &expired, &stranger] {
            assert_eq!(db.store.sessions().find(session.id).await.as_ref(), Ok(&Some(session.clone())));
        }
        let later = given::revocation(20, RevocationReason::LoggedOutEverywhere);
        assert_eq!(end_all(ada.id, None, later).await, [kept.id]);
        assert_eq!(end_all(ada.id, None, later).await, []);
    }
}
