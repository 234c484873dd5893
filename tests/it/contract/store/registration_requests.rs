//! Requests to register addresses with and without an account.

use std::time::Duration;

use svc::domain::{
    Cause, ClaimedRegistration, DisplayName, Locale, Metadata, OneLine, PasswordHash, RegistrationRequest,
};
use svc::ports::events::Lease;
use svc::ports::store::{CleanedRegistrations, RequestBacklog, RequestBacklogs, Store};

use crate::support::{Backend, TestDatabase, both_backends, given};

const LEASE: Duration = Duration::from_secs(30);
const DAY: i64 = 24 * 3600;

/// Makes a request for the address with this number, made at this second.
fn request(address: u8, at: i64) -> RegistrationRequest {
    RegistrationRequest {
        digest: [address; 32],
        email: given::email(&format!("User{address}@example.com")),
        password_hash: PasswordHash::new(format!("$hash of second {at}")),
        name: Some(DisplayName::parse("Ada").unwrap()),
        locale: Some(Locale::parse("de-AT").unwrap()),
        metadata: Metadata::stored(r#"{"theme":"dark"}"#).unwrap(),
        may_mail: true,
        requested_at: given::second(at),
    }
}

/// Records a request that is due three seconds after it was made.
async fn record(db: &TestDatabase, address: u8, at: i64) {
    let due_at = given::second(at + 3);
    db.store.registration_requests().record(&request(address, at), due_at).await.unwrap();
}

async fn claim(db: &TestDatabase, at: i64, limit: u32) -> Vec<ClaimedRegistration> {
    let now = given::second(at);
    let lease = Lease { claim: given::id(), now, until: now.plus(LEASE) };
    db.store.registration_requests().claim_due(&lease, limit).await.unwrap()
}

async fn answer(db: &TestDatabase, claimed: &ClaimedRegistration, noticed_at: Option<i64>) -> bool {
    let mut work = db.store.begin().await.unwrap();
    let noticed_at = noticed_at.map(given::second);
    let answered = work.registration_requests().answer(claimed, noticed_at).await.unwrap();
    work.commit().await.unwrap();
    answered
}

async fn count(db: &TestDatabase, condition: &str) -> String {
    let sql = format!("SELECT CAST(count(*) AS text) FROM registration_requests WHERE {condition}");
    db.texts(&sql).await.remove(0)
}

both_backends! {
    async fn a_request_is_due_after_its_pause_and_is_claimed_as_it_was_made(backend: Backend) {
        let db = backend.database().await;
        let queue = db.store.registration_requests();
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let cause = Cause::stored(Some("browser-1"), Some(trace), Some("vendor=1"));
        svc::telemetry::trace::within(cause.clone(), record(&db, 1, 0)).await;
        assert_eq!(queue.is_due(given::second(2)).await, Ok(false));
        assert!(claim(&db, 2, 10).await.is_empty());
        assert_eq!(queue.is_due(given::second(3)).await, Ok(true));
        let claimed = claim(&db, 3, 10).await;
        let claim = claimed[0].claim;
        assert_eq!(claimed, [ClaimedRegistration { request: request(1, 0), noticed_at: None, cause, claim }]);
        assert_eq!(claimed[0].request.email.as_str(), "User1@example.com", "as it was typed");
    }

    async fn little_is_asked_for_and_read_as_such(backend: Backend) {
        let db = backend.database().await;
        let least = RegistrationRequest {
            name: None, locale: None, metadata: Metadata::default(), may_mail: false, ..request(1, 0)
        };
        db.store.registration_requests().record(&least, given::second(3)).await.unwrap();
        assert_eq!(claim(&db, 3, 10).await.remove(0).request, least);
    }

    async fn the_first_request_wins_until_it_is_answered(backend: Backend) {
        let db = backend.database().await;
        record(&db, 1, 0).await;
        record(&db, 1, 1).await;
        let claimed = claim(&db, 3, 10).await.remove(0);
        record(&db, 1, 4).await;
        assert_eq!(claimed.request, request(1, 0));
        assert!(answer(&db, &claimed, None).await);
        record(&db, 1, 5).await;
        assert_eq!(claim(&db, 8, 10).await.remove(0).request, request(1, 5));
    }

    async fn a_request_that_has_expired_is_replaced_and_its_claim_is_void(backend: Backend) {
        let db = backend.database().await;
        record(&db, 1, 0).await;
        record(&db, 1, DAY - 1).await;
        let older = claim(&db, DAY - 1, 10).await.remove(0);
        assert_eq!(older.request, request(1, 0));
        record(&db, 1, DAY).await;
        assert!(!answer(&db, &older, None).await, "its answer would be that of the newer one");
        assert_eq!(claim(&db, DAY + 3, 10).await.remove(0).request, request(1, DAY));
    }

    async fn the_longest_due_are_claimed_first_and_each_by_one_worker(backend: Backend) {
        let db = backend.database().await;
        for (address, at) in [(1, 2), (2, 0), (3, 1)] {
            record(&db, address, at).await;
        }
        let first: Vec<_> = claim(&db, 9, 2).await.iter().map(|claimed| claimed.request.digest[0]).collect();
        assert!(first.len() == 2 && !first.contains(&1), "{first:?}");
        assert_eq!(claim(&db, 9, 10).await[0].request.digest, [1; 32]);
        assert!(claim(&db, 9, 10).await.is_empty());
    }

    async fn an_answered_request_has_no_data_and_keeps_the_time_of_the_notice(backend: Backend) {
        let db = backend.database().await;
        record(&db, 1, 0).await;
        let claimed = claim(&db, 3, 10).await.remove(0);
        let mut work = db.store.begin().await.unwrap();
        assert_eq!(work.registration_requests().answer(&claimed, None).await, Ok(true));
        drop(work);
        assert_eq!(count(&db, "email IS NOT NULL").await, "1", "an uncommitted answer does not count");
        assert!(answer(&db, &claimed, Some(3)).await);
        assert!(!answer(&db, &claimed, None).await);
        let data = "coalesce(email, email_key, password_hash, name, locale, metadata, request_id, traceparent, tracestate) IS NULL";
        assert_eq!(count(&db, data).await, "1");
        assert!(claim(&db, 999, 10).await.is_empty());
        for (at, noticed_at, expected) in [(10, None, 3), (20, Some(23), 3), (30, None, 23)] {
            record(&db, 1, at).await;
            let claimed = claim(&db, at + 3, 10).await.remove(0);
            assert_eq!(claimed.noticed_at, Some(given::second(expected)));
            assert!(answer(&db, &claimed, noticed_at).await);
        }
    }

    async fn a_request_of_a_dead_worker_is_due_again_and_the_old_claim_is_void(backend: Backend) {
        let db = backend.database().await;
        record(&db, 1, 0).await;
        let of_the_dead = claim(&db, 3, 10).await.remove(0);
        assert!(claim(&db, 32, 10).await.is_empty());
        let of_another = claim(&db, 33, 10).await.remove(0);
        assert!(!answer(&db, &of_the_dead, None).await, "thawed too late");
        assert!(answer(&db, &of_another, None).await);
    }

    async fn a_damaged_row_does_not_stop_the_others_and_is_given_up(backend: Backend) {
        let db = backend.database().await;
        for address in [1, 2, 3] {
            record(&db, address, i64::from(address)).await;
        }
        // A value that no request has, and one that no time can be read from.
        db.execute("UPDATE registration_requests SET metadata = '[' WHERE email_key LIKE '%1@%'").await.unwrap();
        let moment = match backend {
            Backend::Sqlite => "the day after tomorrow, UTC",
            Backend::Postgres => "infinity",
        };
        let damage = format!("UPDATE registration_requests SET requested_at = '{moment}' WHERE email_key LIKE '%3@%'");
        db.execute(&damage).await.unwrap();
        for attempt in 0..10 {
            let at = 9 + 30 * attempt;
            let claimed: Vec<_> = claim(&db, at, 10).await;
            assert_eq!(claimed.len(), usize::from(attempt == 0), "{attempt}");
            for claimed in claimed {
                assert!(answer(&db, &claimed, None).await);
            }
            assert_eq!(count(&db, "due_at IS NOT NULL").await, if attempt < 9 { "2" } else { "0" }, "{attempt}");
        }
        assert_eq!(count(&db, "email IS NOT NULL OR email_key IS NOT NULL").await, "0");
        // Its address is not blocked.
        record(&db, 1, 888_888).await;
        assert_eq!(claim(&db, 999_999, 10).await.len(), 1);
    }

    async fn requests_without_an_answer_are_counted(backend: Backend) {
        let db = backend.database().await;
        let registrations = |waiting, oldest: Option<i64>| {
            let oldest = oldest.map(given::second);
            Ok(vec![
                RequestBacklog { queue: "mail_requests", waiting: 0, oldest: None },
                RequestBacklog { queue: "registrations", waiting, oldest },
            ])
        };
        assert_eq!(db.store.request_backlogs().await, registrations(0, None));
        for address in 1..=3 {
            record(&db, address, i64::from(address)).await;
        }
        let claimed = claim(&db, 4, 1).await.remove(0);
        assert_eq!(db.store.request_backlogs().await, registrations(3, Some(1)), "a claim is no answer");
        assert!(answer(&db, &claimed, None).await);
        assert_eq!(db.store.request_backlogs().await, registrations(2, Some(2)));
    }

    async fn old_requests_are_cleaned_in_slices_answered_or_not(backend: Backend) {
        let db = backend.database().await;
        for address in 1..=4 {
            record(&db, address, i64::from(address)).await;
        }
        for claimed in claim(&db, 5, 10).await {
            assert!(answer(&db, &claimed, None).await);
        }
        assert_eq!(count(&db, "due_at IS NOT NULL").await, "2");
        let queue = db.store.registration_requests();
        assert_eq!(queue.clean(given::second(4), 1).await, Ok(CleanedRegistrations { removed: 1, expired: 0 }));
        assert_eq!(queue.clean(given::second(4), 10).await, Ok(CleanedRegistrations { removed: 2, expired: 1 }));
        assert_eq!(count(&db, "1 = 1").await, "1");
    }
}
