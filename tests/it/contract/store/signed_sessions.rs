//! The sessions for which a signing key may have signed access tokens.

use std::time::Duration;

use svc::domain::{RevocationReason, Session, SessionId, SignedSessions, Timestamp, User};
use svc::ports::store::{SessionReader, SignedSessionReader, Store};

use crate::support::{Backend, TestDatabase, both_backends, given};

/// A session that was opened and refreshed at these seconds.
fn session(user: &User, opened: i64, refreshed: i64) -> Session {
    Session {
        created_at: given::second(opened),
        rotated_at: given::second(refreshed),
        idle_expires_at: given::second(5_000),
        absolute_expires_at: given::second(5_000),
        ..given::session(user.id)
    }
}

async fn revoke(
    db: &TestDatabase,
    user: &User,
    signed: SignedSessions,
    now: Timestamp,
    limit: u32,
) -> Vec<SessionId> {
    let mut work = db.store.begin().await.unwrap();
    let revocation = given::revocation(0, RevocationReason::KeyCompromised);
    let revocation = svc::domain::Revocation { at: now, ..revocation };
    let revoked = work.signed_sessions().revoke_signed_of(user.id, signed, revocation, limit).await.unwrap();
    work.commit().await.unwrap();
    revoked
}

const SIGNED: fn() -> SignedSessions =
    || SignedSessions { opened_until: given::second(200), refreshed_since: given::second(100) };

both_backends! {
    async fn sessions_of_the_time_in_which_a_key_signed_are_revoked(backend: Backend) {
        let db = backend.database().await;
        let ada = given::stored_user(&db.store, "ada@example.com").await;
        let eve = given::stored_user(&db.store, "eve@example.com").await;
        let before = session(&ada, 10, 99);
        let over = Session { idle_expires_at: given::second(290), ..session(&ada, 120, 120) };
        let signed = [session(&ada, 10, 100), session(&ada, 150, 4_000), session(&ada, 200, 200)];
        let after = session(&ada, 201, 201);
        let of_eve = session(&eve, 150, 150);
        let all: Vec<_> = [&before, &over, &after, &of_eve].into_iter().chain(&signed).cloned().collect();
        given::store_sessions(&db.store, &all).await;

        let now = given::second(300);
        let mut revoked = revoke(&db, &ada, SIGNED(), now, 2).await;
        assert_eq!(revoked.len(), 2);
        revoked.extend(revoke(&db, &ada, SIGNED(), now, 2).await);
        revoked.sort_by_key(|id| id.0);
        let mut expected: Vec<_> = signed.iter().map(|session| session.id).collect();
        expected.sort_by_key(|id| id.0);
        assert_eq!(revoked, expected);
        let found = db.store.find(signed[0].id).await.unwrap().unwrap();
        assert_eq!(found.revoked.unwrap().reason, RevocationReason::KeyCompromised);
        assert!(db.store.find(of_eve.id).await.unwrap().unwrap().revoked.is_none());
        assert_eq!(revoke(&db, &ada, SIGNED(), now, 2).await, []);
    }

    async fn a_session_whose_refresh_was_not_delivered_counts_as_refreshed_later(backend: Backend) {
        let db = backend.database().await;
        let ada = given::stored_user(&db.store, "ada@example.com").await;
        let lost = session(&ada, 10, 20);
        given::store_sessions(&db.store, std::slice::from_ref(&lost)).await;
        assert_eq!(db.store.users_among(SIGNED(), None).await, Ok((vec![], None)));
        let mut work = db.store.begin().await.unwrap();
        work.rotations().mark_undelivered(lost.id, 0).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(db.store.users_among(SIGNED(), None).await, Ok((vec![ada.id], None)));
        assert_eq!(revoke(&db, &ada, SIGNED(), given::second(300), 9).await, [lost.id]);
    }

    async fn the_users_of_such_sessions_are_found_in_slices(backend: Backend) {
        let db = backend.database().await;
        let ada = given::stored_user(&db.store, "ada@example.com").await;
        let eve = given::stored_user(&db.store, "eve@example.com").await;
        let bob = given::stored_user(&db.store, "bob@example.com").await;
        let mut sessions: Vec<_> = (0..500).map(|_| session(&ada, 150, 150)).collect();
        sessions[7] = Session { id: sessions[7].id, ..session(&bob, 10, 10) };
        sessions[8].user_id = eve.id;
        sessions.push(session(&eve, 150, 150));
        given::store_sessions(&db.store, &sessions).await;
        let (users, next) = db.store.users_among(SIGNED(), None).await.unwrap();
        assert_eq!((users, next), (vec![ada.id, eve.id], Some(sessions[499].id)));
        assert_eq!(db.store.users_among(SIGNED(), next).await, Ok((vec![eve.id], None)));
        revoke(&db, &eve, SIGNED(), given::at(0).plus(Duration::from_mins(5)), 9).await;
        assert_eq!(db.store.users_among(SIGNED(), next).await, Ok((vec![], None)));
    }
}
