//! Requests for mails to addresses with and without an account.

use std::time::Duration;

use svc::domain::{Cause, ClaimedMailRequest, MailRequest, MailRequestKind};
use svc::ports::events::Lease;
use svc::ports::store::Store;

use crate::support::{Backend, TestDatabase, both_backends, given};

const LEASE: Duration = Duration::from_secs(30);

/// Makes a request for the address with this number, made at this second and due three seconds later.
fn request(address: u8, kind: MailRequestKind, at: i64) -> MailRequest {
    MailRequest {
        digest: [address; 32],
        kind,
        email: given::email(&format!("User{address}@example.com")),
        language: Some(given::locale("de")),
        requested_at: given::second(at),
        due_at: given::second(at + 3),
    }
}

fn reset(address: u8, at: i64) -> MailRequest {
    request(address, MailRequestKind::ResetPassword, at)
}

async fn record(db: &TestDatabase, request: &MailRequest) {
    db.store.mail_requests().record(request).await.unwrap();
}

async fn claim(db: &TestDatabase, at: i64, limit: u32) -> Vec<ClaimedMailRequest> {
    let now = given::second(at);
    let lease = Lease { claim: given::id(), now, until: now.plus(LEASE) };
    db.store.mail_requests().claim_due(&lease, limit).await.unwrap()
}

async fn answer(db: &TestDatabase, request: &ClaimedMailRequest) -> bool {
    let mut work = db.store.begin().await.unwrap();
    let answered = work.mail_requests().answer(request).await.unwrap();
    work.commit().await.unwrap();
    answered
}

async fn count(db: &TestDatabase, condition: &str) -> String {
    db.texts(&format!("SELECT CAST(count(*) AS text) FROM mail_requests WHERE {condition}")).await.remove(0)
}

both_backends! {
    async fn a_request_is_due_after_its_pause_and_is_claimed_as_it_was_made(backend: Backend) {
        let db = backend.database().await;
        let queue = db.store.mail_requests();
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let cause = Cause::stored(Some("browser-1"), Some(trace), Some("vendor=1"));
        svc::telemetry::trace::within(cause.clone(), record(&db, &reset(1, 0))).await;
        assert_eq!(queue.is_due(given::second(2)).await, Ok(false));
        assert!(claim(&db, 2, 10).await.is_empty());
        assert_eq!(queue.is_due(given::second(3)).await, Ok(true));
        let claimed = claim(&db, 3, 10).await;
        let expected = ClaimedMailRequest {
            digest: [1; 32],
            kind: MailRequestKind::ResetPassword,
            email: given::email("User1@example.com"),
            language: Some(given::locale("de")),
            cause,
            claim: claimed[0].claim,
        };
        assert_eq!(claimed, [expected]);
        assert_eq!(claimed[0].email.as_str(), "User1@example.com", "as it was typed");
    }

    async fn the_longest_due_are_claimed_first_and_each_by_one_worker(backend: Backend) {
        let db = backend.database().await;
        for (address, at) in [(1, 2), (2, 0), (3, 1)] {
            record(&db, &reset(address, at)).await;
        }
        let first: Vec<_> = claim(&db, 9, 2).await.iter().map(|request| request.digest[0]).collect();
        assert!(first.len() == 2 && !first.contains(&1), "{first:?}");
        assert_eq!(claim(&db, 9, 10).await[0].digest, [1; 32]);
        assert!(claim(&db, 9, 10).await.is_empty());
    }

    async fn an_answered_request_has_no_address_and_is_not_due_again(backend: Backend) {
        let db = backend.database().await;
        record(&db, &reset(1, 0)).await;
        let claimed = claim(&db, 3, 10).await.remove(0);
        let mut work = db.store.begin().await.unwrap();
        assert_eq!(work.mail_requests().answer(&claimed).await, Ok(true));
        drop(work);
        assert_eq!(count(&db, "email IS NOT NULL").await, "1", "an uncommitted answer does not count");
        assert!(answer(&db, &claimed).await);
        assert!(!answer(&db, &claimed).await);
        assert_eq!(count(&db, "email IS NULL AND email_key IS NULL AND request_id IS NULL AND traceparent IS NULL AND tracestate IS NULL AND language IS NULL").await, "1");
        assert!(claim(&db, 999, 10).await.is_empty());
    }

    async fn a_request_of_a_dead_worker_is_due_again_and_the_old_claim_is_void(backend: Backend) {
        let db = backend.database().await;
        record(&db, &reset(1, 0)).await;
        let of_the_dead = claim(&db, 3, 10).await.remove(0);
        assert!(claim(&db, 32, 10).await.is_empty());
        let of_another = claim(&db, 33, 10).await.remove(0);
        assert!(!answer(&db, &of_the_dead).await, "thawed too late");
        assert!(answer(&db, &of_another).await);
    }

    async fn an_address_is_recorded_once_in_a_pause(backend: Backend) {
        let db = backend.database().await;
        let requested = async || db.texts("SELECT CAST(requested_at AS text) FROM mail_requests").await;
        record(&db, &reset(1, 0)).await;
        let first = requested().await;
        record(&db, &reset(1, 59)).await;
        assert_eq!(requested().await, first);
        let claimed = claim(&db, 59, 10).await.remove(0);
        assert!(answer(&db, &claimed).await);
        record(&db, &reset(1, 59)).await;
        assert_eq!(count(&db, "due_at IS NOT NULL").await, "0");
        record(&db, &reset(1, 60)).await;
        assert_eq!(claim(&db, 63, 10).await.len(), 1);
        let day = 24 * 3600;
        let warning = |at| request(2, MailRequestKind::GuessingWarning, at);
        record(&db, &warning(0)).await;
        assert!(answer(&db, &claim(&db, 64, 10).await[0]).await);
        record(&db, &warning(day - 1)).await;
        assert_eq!(count(&db, "kind = 'guessing_warning' AND due_at IS NOT NULL").await, "0");
        record(&db, &warning(day)).await;
        assert_eq!(count(&db, "kind = 'guessing_warning' AND due_at IS NOT NULL").await, "1");
    }

    async fn a_newer_request_replaces_a_claimed_one(backend: Backend) {
        let db = backend.database().await;
        record(&db, &reset(1, 0)).await;
        let older = claim(&db, 59, 10).await.remove(0);
        record(&db, &MailRequest { language: None, ..reset(1, 60) }).await;
        assert!(!answer(&db, &older).await, "its answer would be that of the newer one");
        let newer = claim(&db, 63, 10).await.remove(0);
        assert_eq!((older.language, &newer.language), (Some(given::locale("de")), &None));
        assert!(answer(&db, &newer).await);
    }

    async fn a_damaged_row_does_not_stop_the_others_and_is_given_up(backend: Backend) {
        let db = backend.own_database().await;
        for address in [1, 2] {
            record(&db, &reset(address, i64::from(address))).await;
        }
        // A word of a newer release, whose migration also lets it in.
        let damage = "UPDATE mail_requests SET kind = 'newer' WHERE email_key LIKE '%1@%'";
        let allow = match backend {
            Backend::Sqlite => "PRAGMA ignore_check_constraints = ON",
            Backend::Postgres => "ALTER TABLE mail_requests DROP CONSTRAINT mail_requests_kind_check",
        };
        db.execute(&format!("{allow}; {damage}")).await.unwrap();
        for attempt in 0..10 {
            let at = 9 + 30 * attempt;
            let claimed: Vec<_> = claim(&db, at, 10).await;
            assert_eq!(claimed.len(), usize::from(attempt == 0), "{attempt}");
            for claimed in claimed {
                assert!(answer(&db, &claimed).await);
            }
            assert_eq!(count(&db, "due_at IS NOT NULL").await, if attempt < 9 { "1" } else { "0" }, "{attempt}");
        }
        assert_eq!(count(&db, "email IS NOT NULL OR email_key IS NOT NULL").await, "0");
        record(&db, &reset(2, 888_888)).await;
        assert_eq!(claim(&db, 999_999, 10).await.len(), 1);
    }

    async fn only_answered_requests_are_cleaned_in_slices(backend: Backend) {
        let db = backend.database().await;
        for address in 1..=4 {
            record(&db, &reset(address, i64::from(address))).await;
        }
        for request in claim(&db, 6, 10).await {
            assert!(answer(&db, &request).await);
        }
        assert_eq!(count(&db, "due_at IS NOT NULL").await, "1", "the last one is due later");
        assert_eq!(db.store.mail_requests().clean(given::second(9), 1).await, Ok(1));
        assert_eq!(db.store.mail_requests().clean(given::second(3), 10).await, Ok(1));
        assert_eq!(db.store.mail_requests().clean(given::second(9), 10).await, Ok(1));
        assert_eq!(count(&db, "due_at IS NOT NULL").await, "1");
        assert_eq!(count(&db, "1 = 1").await, "1");
    }
}
