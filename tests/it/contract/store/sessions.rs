//! Sessions.

use svc::domain::{
    Actor, Audience, Client, Event, EventKind, PasswordHash, Revocation, RevocationReason, Session,
    SessionId, Timestamp, User, UserId, UserStatus,
};
use svc::ports::events::{Queue, Wakeups as _};
use svc::ports::store::{SessionReader, SessionStarts, Started, Store, StoreError, UserReader as _};
use tokio::task::JoinSet;

use crate::support::{Backend, both_backends, given};

/// Returns the event of a session that starts.
fn started(session: &Session) -> Event {
    let (user, kind) = (session.user_id, EventKind::SessionStarted(session.id));
    Event::new(given::id(), user, Actor::User(user), session.created_at, kind)
}

both_backends! {
    async fn a_session_is_read_as_stored(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let plain = Session { client: Client::default(), ..given::session(user.id) };
        let other = Session {
            generation: u32::MAX,
            label: Some("cli".to_owned()),
            audience: Some(Audience::stored("https://shop.example.com".to_owned())),
            revoked: Some(given::revocation(3, RevocationReason::TokenReused)),
            ..given::session(user.id)
        };
        given::store_sessions(&db.store, &[plain.clone(), other.clone()]).await;
        for session in [plain, other] {
            assert_eq!(db.store.sessions().find(session.id).await, Ok(Some(session)));
        }
        assert_eq!(db.store.sessions().find(SessionId(given::id())).await, Ok(None));
    }

    async fn a_session_is_read_with_its_user(backend: Backend) {
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

    async fn every_time_is_read_as_stored_and_sorts(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let last = 253_402_300_799_999_999;
        let micros = [
            -62_167_219_200_000_000, -1_000_001, -1, 0, 1, 999_999, 1_000_000, 1_780_000_000_000_000,
            1_780_000_000_000_001, 1_780_000_000_100_000, 1_780_000_001_000_000, last,
        ];
        let mut sessions = micros.map(|micros| Session {
            created_at: Timestamp::from_micros(micros).unwrap(),
            rotated_at: Timestamp::from_micros(micros).unwrap(),
            idle_expires_at: Timestamp::from_micros(last).unwrap(),
            absolute_expires_at: Timestamp::from_micros(last).unwrap(),
            ..given::session(user.id)
        });
        let (early, late) = sessions.split_at(6);
        given::store_sessions(&db.store, late).await;
        given::store_sessions(&db.store, early).await;
        let mut work = db.store.begin().await.unwrap();
        let revocation = given::revocation(0, RevocationReason::SessionLimit);
        for (keep, oldest) in (0..12).rev().zip(&sessions) {
            let revoked = work.sessions().revoke_idle_of(user.id, keep, revocation, 2).await;
            assert_eq!(revoked, Ok(vec![oldest.id]), "the one that was refreshed before all others");
        }
        drop(work);
        sessions.reverse();
        assert_eq!(db.store.live_page(user.id, given::at(0), None, 12).await, Ok(sessions.to_vec()));
    }

    async fn the_live_sessions_of_a_user_newest_first(backend: Backend) {
        let db = backend.database().await;
        let ada = given::stored_user(&db.store, "ada@example.com").await;
        let other = given::stored_user(&db.store, "other@example.com").await;
        let first = given::session(ada.id);
        let revoked = Some(given::revocation(3, RevocationReason::LoggedOut));
        let ended = Session { revoked, ..given::session(ada.id) };
        let brief = Session { absolute_expires_at: given::second(50), ..given::session(ada.id) };
        let second = given::session(ada.id);
        let stranger = given::session(other.id);
        given::store_sessions(&db.store, &[second.clone(), first.clone(), ended, brief.clone(), stranger])
            .await;
        let live = async |now| db.store.live_page(ada.id, now, None, 10).await.unwrap();
        assert_eq!(live(given::second(10)).await, [second.clone(), brief, first.clone()]);
        assert_eq!(live(given::second(50)).await, [second.clone(), first.clone()]);
        // A moment before the idle end, and at it.
        assert_eq!(live(given::at(99_999_999)).await, [second, first]);
        assert_eq!(live(given::second(100)).await, []);
    }

    async fn a_session_starts_with_its_event(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let hash = db.store.find_account(user.id).await.unwrap().unwrap().password_hash;
        let label = Some("phone".to_owned());
        let session = Session { generation: 7, label, ..given::session(user.id) };
        let event = started(&session);
        let mut wakeup = db.store.of(Queue::Outbox);
        assert_eq!(db.store.start(&session, &hash, &event, 1).await, Ok(Started::Yes));
        wakeup.woken().await;
        assert_eq!(db.store.sessions().find(session.id).await, Ok(Some(session)));
        let events = "SELECT type || ' by ' || actor FROM outbox";
        assert_eq!(db.texts(events).await, [format!("svc.session.started.v1 by {}", user.id)]);
        // A failed write is not written partially: the id of the event is taken.
        let other = given::session(user.id);
        let refused = db.store.start(&other, &hash, &event, 2).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
        assert_eq!(db.store.sessions().find(other.id).await, Ok(None));
    }

    async fn a_session_starts_only_for_an_active_user_with_that_hash(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let hash = db.store.find_account(user.id).await.unwrap().unwrap().password_hash;
        let session = given::session(user.id);
        let start = async |session: &Session, hash: &PasswordHash| {
            db.store.start(session, hash, &started(session), 1).await
        };
        let changed = Ok(Started::AccountChanged);
        assert_eq!(start(&session, &PasswordHash::new("another".to_owned())).await, changed);
        assert_eq!(start(&given::session(UserId(given::id())), &hash).await, changed);
        let mut work = db.store.begin().await.unwrap();
        work.users().update(&User { status: UserStatus::Locked, ..user.clone() }).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(start(&session, &hash).await, changed);
        assert_eq!(db.store.sessions().find(session.id).await, Ok(None));
        assert_eq!(db.texts("SELECT type FROM outbox").await, Vec::<String>::new());
    }

    async fn a_session_that_starts_waits_for_the_row_lock_of_its_user(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let hash = db.store.find_account(user.id).await.unwrap().unwrap().password_hash;
        let mut work = db.store.begin().await.unwrap();
        work.users().lock(user.id).await.unwrap();
        let session = given::session(user.id);
        let (store, begun, event) = (db.another_store(), session.clone(), started(&session));
        let mut starting = JoinSet::new();
        starting.spawn(async move { store.start(&begun, &hash, &event, 1).await });
        db.until_blocked().await;
        assert!(starting.try_join_next().is_none());
        work.users().set_password_hash(user.id, &PasswordHash::new("another".to_owned())).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(starting.join_next().await.unwrap().unwrap(), Ok(Started::AccountChanged));
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

    async fn every_live_session_of_a_user_except_one_is_ended(backend: Backend) {
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
            let mut ended = work.sessions().revoke_live_of(user, except, now, 10).await.unwrap();
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
