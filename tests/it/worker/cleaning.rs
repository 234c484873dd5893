use std::time::Duration;

use svc::domain::{EventKind, RevocationReason, SessionId, UserId};
use svc::ports::Store;
use svc::ports::events::{ClaimedJob, Delivery, Jobs, Lease, OutboxQueue, RelayOutcome};
use svc::ports::store::{Cleaned, Kept};

use super::until;
use crate::support::app::App;
use crate::support::process::Installation;
use crate::support::{Backend, TestDatabase, both_backends, given};

const DAY: i64 = 24 * 3600;

fn lease(at: i64) -> Lease {
    let now = given::second(at);
    Lease { claim: given::id(), now, until: now.plus(Duration::from_secs(30)) }
}

/// The retention by which rows from before this second are removed.
fn before_second(second: i64) -> Kept {
    let retention = Duration::from_hours(7 * 24);
    Kept { now: given::second(second).plus(retention), retention }
}

/// Stores an event that was relayed at that time, with a pending entry of this handler, or without entries.
async fn sent(db: &TestDatabase, at: i64, handler: Option<&'static str>) {
    let started = EventKind::SessionStarted(SessionId(given::id()));
    let mut work = db.store.begin().await.unwrap();
    work.outbox().append(&given::event(UserId(given::id()), started)).await.unwrap();
    work.commit().await.unwrap();
    let lease = lease(at);
    let events = db.store.claim_unrelayed(&lease, 1).await.unwrap();
    let type_name = events[0].type_name.clone();
    let deliveries: Vec<_> =
        handler.map(|handler| Delivery { type_name: type_name.clone(), handler }).into_iter().collect();
    let ids: Vec<_> = events.iter().map(|event| event.id).collect();
    let outcome = RelayOutcome {
        claim: lease.claim,
        now: lease.now,
        events: &ids,
        unrelayed: &[],
        deliveries: &deliveries,
    };
    assert_eq!(db.store.record_outcomes(&outcome).await, Ok(1));
}

async fn count(db: &TestDatabase, what: &str) -> String {
    db.texts(&format!("SELECT CAST(count(*) AS text) FROM {what}")).await.remove(0)
}

both_backends! {
    async fn events_are_removed_once_they_were_relayed_long_ago_and_handled(backend: Backend) {
        let db = backend.database().await;
        for at in [0, 1, 2, DAY] {
            sent(&db, at, Some("idle")).await;
        }
        sent(&db, 2, None).await;
        sent(&db, 3, Some("busy")).await;
        sent(&db, 4, Some("idle")).await;
        let idle = "UPDATE inbox SET state = 'done', done_at = available_at WHERE handler = 'idle'";
        db.execute(idle).await.unwrap();
        let clean = async |before: i64, position: Option<&str>, limit| {
            db.store.outbox().clean(before_second(before), position, limit).await.unwrap()
        };
        assert_eq!(clean(0, None, 10).await, Cleaned { removed: 0, next: None });
        let first = clean(DAY, None, 2).await;
        assert_eq!(first.removed, 2);
        // The walk continues with the next two: one is removed, and one has not been delivered to a handler
        // yet.
        let second = clean(DAY, first.next.as_deref(), 2).await;
        assert_eq!(second.removed, 1);
        // Of the rest none is removed: one is still to be handled, and the other is the newest of all.
        assert_eq!(clean(DAY, second.next.as_deref(), 10).await, Cleaned { removed: 0, next: None });
        // A recent one is kept too.
        assert_eq!(clean(DAY, None, 10).await, Cleaned { removed: 0, next: None });
        assert_eq!(count(&db, "outbox").await, "4");
        db.execute("UPDATE inbox SET state = 'done', done_at = available_at").await.unwrap();
        assert_eq!(clean(DAY, Some("a later release's"), 10).await, Cleaned { removed: 1, next: None });
        assert_eq!((count(&db, "outbox").await, count(&db, "inbox").await), ("3".to_owned(), "2".to_owned()));
        sent(&db, DAY + 1, Some("idle")).await;
        db.execute("UPDATE inbox SET state = 'done', done_at = available_at").await.unwrap();
        assert_eq!(clean(DAY + 2, None, 10).await.removed, 2, "the newest of all stays");
        assert_eq!(clean(DAY + 2, None, 10).await.removed, 0);
    }

    async fn events_that_were_relayed_at_the_same_time_are_all_checked(backend: Backend) {
        let db = backend.database().await;
        for handler in ["busy", "idle", "busy", "busy", "idle", "idle"] {
            sent(&db, 0, Some(handler)).await;
        }
        db.execute("UPDATE inbox SET state = 'done', done_at = available_at WHERE handler = 'idle'").await.unwrap();
        let (mut removed, mut position) = (0, None);
        for _ in 0..6 {
            let cleaned = db.store.outbox().clean(before_second(DAY), position.as_deref(), 1).await.unwrap();
            (removed, position) = (removed + cleaned.removed, cleaned.next);
        }
        assert_eq!(removed, 2, "and the newest stays");
    }

    async fn sessions_that_ended_long_ago_are_removed(backend: Backend) {
        let db = backend.database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let sessions: Vec<_> = (0..7).map(|_| given::session(user.id)).collect();
        given::store_sessions(&db.store, &sessions).await;
        let mut work = db.store.begin().await.unwrap();
        for session in &sessions[..2] {
            work.sessions().revoke(session.id, given::revocation(5, RevocationReason::LoggedOut)).await.unwrap();
        }
        work.commit().await.unwrap();
        let (mut removed, mut position, mut slices) = (0, None, 0);
        loop {
            let cleaned = db.store.session_cleaner().clean(given::second(6), position.as_deref(), 3).await.unwrap();
            (removed, position, slices) = (removed + cleaned.removed, cleaned.next, slices + 1);
            if position.is_none() {
                break;
            }
        }
        assert_eq!((removed, slices), (2, 3), "seven, three at a time");
        let end = sessions[0].expires_at();
        let clean = async |before| db.store.session_cleaner().clean(before, None, 100).await.unwrap();
        assert_eq!(clean(end).await, Cleaned { removed: 0, next: None });
        let after = end.plus(Duration::from_secs(1));
        assert_eq!(clean(after).await, Cleaned { removed: 5, next: None });
    }

    async fn the_audit_trail_is_removed_if_configured(backend: Backend) {
        let db = backend.database().await;
        sent(&db, 0, None).await;
        let insert = "INSERT INTO audit SELECT id, occurred_at, actor, type, subject, data FROM outbox";
        db.execute(insert).await.unwrap();
        let at = db.texts("SELECT type FROM audit").await;
        assert_eq!(at.len(), 1);
        assert_eq!(db.store.audit().clean(before_second(-DAY), 10).await, Ok(0));
        assert_eq!(db.store.audit().clean(before_second(DAY), 10).await, Ok(1));
    }

    async fn a_job_whose_step_fails_stores_the_position_before_it(backend: Backend) {
        let app = App::start_queued_with(backend, &[], |builder| builder).await;
        let db = app.database.clone();
        // Two slices of handled events; in the second one is an event that the database refuses to remove.
        let (id, done) = match backend {
            Backend::Sqlite => ("randomblob(16)", "2001-01-01T00:00:00.000000Z"),
            Backend::Postgres => ("gen_random_uuid()", "2001-01-01T00:00:00Z"),
        };
        let fill = format!(
            "INSERT INTO outbox (id, type, subject, actor, data, occurred_at, relayed_at) \
             WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 600) \
             SELECT {id}, 'svc.user.locked.v1', {id}, 'operator', '{{}}', '{done}', '{done}' FROM numbers; \
             INSERT INTO inbox (event_id, handler, seq, subject, state, available_at, done_at) \
             SELECT id, 'audit', seq, subject, 'done', '{done}', '{done}' FROM outbox"
        );
        db.execute(&fill).await.unwrap();
        let refuse = match backend {
            Backend::Sqlite => {
                "CREATE TRIGGER refuse BEFORE DELETE ON outbox WHEN old.seq = 550 \
                 BEGIN SELECT RAISE(ABORT, 'refused'); END"
            }
            Backend::Postgres => {
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'refused'; END $$; \
                 CREATE TRIGGER refuse BEFORE DELETE ON outbox FOR EACH ROW WHEN (old.seq = 550) \
                 EXECUTE FUNCTION refuse()"
            }
        };
        db.execute(refuse).await.unwrap();
        app.container.start_worker(true);
        let kept = "SELECT substr(position, length(position) - 3) FROM jobs \
             WHERE name = 'clean_events' AND claim IS NULL";
        until(async || db.texts(kept).await == [" 500"]).await;
        assert_eq!(count(&db, "outbox").await, "100");
        // The other jobs still run.
        until(async || !db.texts("SELECT name FROM jobs WHERE name = 'clean_bans'").await.is_empty()).await;
        let undo = match backend {
            Backend::Sqlite => "DROP TRIGGER refuse",
            Backend::Postgres => "DROP FUNCTION refuse CASCADE",
        };
        app.stop().await;
        db.execute(undo).await.unwrap();
    }

    async fn a_job_that_fails_is_retried_later_and_the_jobs_after_it_run(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let (digest, asked, refuse) = match backend {
            Backend::Sqlite => (
                "zeroblob(32)",
                "2001-01-01T00:00:00.000000Z",
                "CREATE TRIGGER refuse BEFORE DELETE ON mail_throttle \
                 BEGIN SELECT RAISE(ABORT, 'refused'); END",
            ),
            Backend::Postgres => (
                "decode(repeat('00', 32), 'hex')",
                "2001-01-01T00:00:00Z",
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'refused'; END $$; \
                 CREATE TRIGGER refuse BEFORE DELETE ON mail_throttle FOR EACH ROW EXECUTE FUNCTION refuse()",
            ),
        };
        let fill = format!("INSERT INTO mail_throttle (address_digest, asked_at) VALUES ({digest}, '{asked}')");
        installation.execute(&format!("{fill}; {refuse}")).await;
        let soon = match backend {
            Backend::Sqlite => "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+30 seconds')",
            Backend::Postgres => "SELECT CAST(now() + interval '30 seconds' AS text)",
        };
        let soon = installation.texts(soon).await.remove(0);
        let mut serving = installation.serve_with(&["--with-worker"]);
        assert_eq!(serving.logged("job failed, retrying")["job"], "clean_mail_throttle");
        // The last job of the same pass.
        let done = "SELECT name FROM jobs WHERE name = 'count_hashes' AND claim IS NULL";
        until(async || !installation.texts(done).await.is_empty()).await;
        let later = format!("SELECT name FROM jobs WHERE name LIKE '%throttle' AND due_at > '{soon}'");
        assert_eq!(installation.texts(&later).await, ["clean_mail_throttle"]);
        serving.terminate();
        let ended = serving.ended().expect(0);
        assert!(!ended.stderr.contains("background task failed"), "{}", ended.stderr);
        let undo = match backend {
            Backend::Sqlite => "DROP TRIGGER refuse",
            Backend::Postgres => "DROP FUNCTION refuse CASCADE",
        };
        installation.execute(undo).await;
    }

    async fn a_job_is_run_by_one_and_then_not_until_it_is_due(backend: Backend) {
        let db = backend.database().await;
        let first = lease(0);
        let claim = async |name: &str, lease: &Lease| db.store.claim_job(name, lease).await.unwrap();
        let from = |position: Option<&str>| Some(ClaimedJob { position: position.map(str::to_owned) });
        assert_eq!(claim("sweep", &first).await, from(None));
        assert_eq!(claim("sweep", &lease(1)).await, None);
        assert_eq!(claim("another", &lease(1)).await, from(None));
        // The first run died, and its lease has expired.
        let second = lease(30);
        assert_eq!(claim("sweep", &second).await, from(None));
        db.store.job_done("sweep", first.claim, given::second(31), Some("late")).await.unwrap();
        assert_eq!(claim("sweep", &lease(32)).await, None, "thawed too late");
        db.store.job_done("sweep", second.claim, given::second(100), Some("half of it")).await.unwrap();
        assert_eq!(claim("sweep", &lease(99)).await, None);
        // The next run continues where the last one stopped, and so does one after a crash.
        assert_eq!(claim("sweep", &lease(100)).await, from(Some("half of it")));
        let last = lease(130);
        assert_eq!(claim("sweep", &last).await, from(Some("half of it")));
        db.store.job_done("sweep", last.claim, given::second(140), None).await.unwrap();
        assert_eq!(claim("sweep", &lease(140)).await, from(None));
    }
}
