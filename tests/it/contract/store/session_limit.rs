//! The number of sessions of a user, and operations on many of them.

use svc::domain::{Actor, Event, EventKind, PasswordHash, RevocationReason, Session, SessionId, User};
use svc::ports::store::{LONGEST_PAGE, SessionReader, SessionStarts, Started, Store, UserReader as _};
use tokio::task::JoinSet;

use crate::support::{Backend, TestDatabase, both_backends, given};

/// Stores a user with `count` live sessions, in the order of their ids.
async fn user_with_sessions(db: &TestDatabase, count: usize) -> (User, PasswordHash, Vec<Session>) {
    let user = given::stored_user(&db.store, &format!("{}@example.com", given::id())).await;
    let hash = db.store.find_account(user.id).await.unwrap().unwrap().password_hash;
    let sessions: Vec<_> = (0..count).map(|_| given::session(user.id)).collect();
    given::store_sessions(&db.store, &sessions).await;
    (user, hash, sessions)
}

fn started(session: &Session) -> Event {
    let (user, kind) = (session.user_id, EventKind::SessionStarted(session.id));
    Event::new(given::id(), user, Actor::User(user), session.created_at, kind)
}

fn ids(sessions: &[Session]) -> Vec<SessionId> {
    sessions.iter().map(|session| session.id).collect()
}

both_backends! {
    async fn live_sessions_are_read_in_pages(backend: Backend) {
        let db = backend.database().await;
        let (user, _, mut sessions) = user_with_sessions(&db, 7).await;
        user_with_sessions(&db, 2).await;
        let ended = Session {
            revoked: Some(given::revocation(1, RevocationReason::LoggedOut)),
            ..given::session(user.id)
        };
        given::store_sessions(&db.store, &[ended]).await;
        sessions.reverse();
        let page = async |after: Option<SessionId>, limit| {
            ids(&db.store.live_page(user.id, given::second(10), after, limit).await.unwrap())
        };
        let all = ids(&sessions);
        assert_eq!(page(None, 3).await, all[..3]);
        assert_eq!(page(Some(all[2]), 3).await, all[3..6]);
        assert_eq!(page(Some(all[5]), 3).await, all[6..]);
        assert_eq!(page(Some(all[6]), 3).await, []);
    }

    async fn a_page_is_never_longer_than_the_longest(backend: Backend) {
        let db = backend.database().await;
        let most = usize::try_from(LONGEST_PAGE).unwrap();
        let (user, ..) = user_with_sessions(&db, most + 2).await;
        for (limit, length) in [(LONGEST_PAGE - 1, most - 1), (LONGEST_PAGE, most), (u32::MAX, most)] {
            let page = db.store.live_page(user.id, given::second(10), None, limit).await.unwrap();
            assert_eq!(page.len(), length);
        }
    }

    async fn a_session_starts_only_below_the_limit(backend: Backend) {
        let db = backend.database().await;
        let (user, hash, sessions) = user_with_sessions(&db, 2).await;
        let expired = Session { idle_expires_at: given::second(0), ..given::session(user.id) };
        given::store_sessions(&db.store, &[expired]).await;
        let next = Session { created_at: given::second(1), ..given::session(user.id) };
        let start = async |most| db.store.start(&next, &hash, &started(&next), most).await;
        assert_eq!(start(1).await, Ok(Started::LimitReached));
        assert_eq!(start(2).await, Ok(Started::LimitReached));
        assert_eq!(db.store.sessions().find(next.id).await, Ok(None));
        assert_eq!(db.texts("SELECT type FROM outbox").await, Vec::<String>::new());
        assert_eq!(start(3).await, Ok(Started::Yes), "an expired session does not count");

        let mut work = db.store.begin().await.unwrap();
        let revocation = given::revocation(1, RevocationReason::LoggedOut);
        work.sessions().revoke(sessions[0].id, revocation).await.unwrap();
        work.commit().await.unwrap();
        let last = Session { created_at: given::second(2), ..given::session(user.id) };
        let start = async |most| db.store.start(&last, &hash, &started(&last), most).await;
        assert_eq!(start(2).await, Ok(Started::LimitReached));
        assert_eq!(start(3).await, Ok(Started::Yes), "neither does a revoked one");
    }

    async fn sessions_that_start_at_once_stay_below_the_limit(backend: Backend) {
        let db = backend.database().await;
        let (user, hash, _) = user_with_sessions(&db, 3).await;
        // Every start waits for the user, and has read the sessions before the first of them is added.
        let mut work = db.store.begin().await.unwrap();
        work.users().lock(user.id).await.unwrap();
        let stores = [db.store.clone(), db.another_store()];
        let mut starts = JoinSet::new();
        for n in 0..10 {
            let (store, hash, session) = (stores[n % 2].clone(), hash.clone(), given::session(user.id));
            starts.spawn(async move { store.start(&session, &hash, &started(&session), 4).await.unwrap() });
        }
        db.until_waiting(3).await;
        work.commit().await.unwrap();
        let outcomes = starts.join_all().await;
        let count = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
        assert_eq!((count(Started::Yes), count(Started::LimitReached)), (1, 9));
        let live = db.store.live_page(user.id, given::second(10), None, LONGEST_PAGE).await.unwrap();
        assert_eq!(live.len(), 4);
    }

    async fn the_sessions_that_were_idle_longest_are_revoked(backend: Backend) {
        let db = backend.database().await;
        let (user, _, _) = user_with_sessions(&db, 0).await;
        // Refreshed in an order other than opened; two at the same time.
        let sessions = [30, 10, 40, 20, 10].map(|second| Session {
            rotated_at: given::second(second),
            idle_expires_at: given::second(100),
            ..given::session(user.id)
        });
        let stranger = given::session(user_with_sessions(&db, 0).await.0.id);
        given::store_sessions(&db.store, &sessions).await;
        given::store_sessions(&db.store, std::slice::from_ref(&stranger)).await;
        let revoke = async |keep, limit| {
            let mut work = db.store.begin().await.unwrap();
            let revocation = given::revocation(50, RevocationReason::SessionLimit);
            let mut revoked = work.sessions().revoke_idle_of(user.id, keep, revocation, limit).await.unwrap();
            work.commit().await.unwrap();
            revoked.sort();
            revoked
        };
        let [at_30, first_at_10, at_40, at_20, second_at_10] = sessions.map(|session| session.id);
        assert_eq!(revoke(5, 10).await, []);
        assert_eq!(revoke(4, 10).await, [first_at_10]);
        assert_eq!(revoke(2, 10).await, [at_20, second_at_10]);
        assert_eq!(revoke(0, 1).await.len(), 1, "no more than the limit");
        assert_eq!(revoke(0, 10).await, [at_30], "the other one is {at_40}");
        assert_eq!(db.store.sessions().find(stranger.id).await, Ok(Some(stranger)));
    }

    async fn many_sessions_are_revoked_and_removed_in_parts(backend: Backend) {
        let db = backend.database().await;
        let (user, _, sessions) = user_with_sessions(&db, 5).await;
        let (_, _, others) = user_with_sessions(&db, 1).await;
        let revocation = given::revocation(10, RevocationReason::LoggedOutEverywhere);
        let mut work = db.store.begin().await.unwrap();
        let except = Some(sessions[2].id);
        let mut revoked = Vec::new();
        for count in [3, 1, 0] {
            let part = work.sessions().revoke_live_of(user.id, except, revocation, 3).await.unwrap();
            assert_eq!(part.len(), count);
            revoked.extend(part);
        }
        revoked.sort();
        let kept = |id: &SessionId| Some(*id) != except;
        assert_eq!(revoked, ids(&sessions).into_iter().filter(kept).collect::<Vec<_>>());
        for count in [4, 1, 0] {
            assert_eq!(work.sessions().delete_of(user.id, 4).await, Ok(count), "whatever their state");
        }
        work.commit().await.unwrap();
        for session in &sessions {
            assert_eq!(db.store.sessions().find(session.id).await, Ok(None));
        }
        assert_eq!(db.store.sessions().find(others[0].id).await.as_ref(), Ok(&Some(others[0].clone())));
    }
}
