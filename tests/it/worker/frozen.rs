//! A worker that is stopped for a while and continues.

use std::time::Duration;

use serde_json::json;
use svc::domain::{EventKind, SessionId, UserId};
use svc::ports::events::{Lease, OutboxQueue};

use super::until;
use crate::support::app::{App, PASSWORD};
use crate::support::handlers::Recorder;
use crate::support::process::{Installation, finish, signal};
use crate::support::{Backend, both_backends, environment, given};

both_backends! {
    async fn an_event_of_a_frozen_worker_is_handled_by_another_once(backend: Backend) {
        let recorder = Recorder::new("recorder");
        let handlers = vec![recorder.handler()];
        let app = App::start_queued_with(backend, &[], |builder| builder.handlers(handlers)).await;
        let started = EventKind::SessionStarted(SessionId(given::id()));
        let mut work = app.container.store().begin().await.unwrap();
        work.outbox().append(&given::event(UserId(given::id()), started)).await.unwrap();
        work.commit().await.unwrap();
        // A worker claims it and never reports back.
        let now = app.container.clock().now();
        let lease = Lease { claim: given::id(), now, until: now.plus(Duration::from_secs(30)) };
        assert_eq!(app.database.store.claim_unrelayed(&lease, 10).await.unwrap().len(), 1);
        app.container.start_worker(true);
        app.register("ada@example.com").await;
        until(async || recorder.begun() == 1).await;
        app.clock.advance(Duration::from_secs(30));
        until(async || recorder.begun() == 2).await;
        app.stop().await;
    }

    /// With real processes: takes longer than a lease.
    async fn a_process_that_is_stopped_past_its_lease_commits_nothing_twice(backend: Backend) {
        if environment::variable("SVC_TEST_WORKER_LONG").is_none() {
            return println!("skipped: SVC_TEST_WORKER_LONG=1 runs it");
        }
        let installation = Installation::migrated(backend).await;
        let serving = installation.serve_with(&["--no-worker"]);
        let mut workers: Vec<_> = (0..2).map(|_| installation.start_quietly(&["consume"], &[])).collect();
        let mut registered = 0;
        for round in 0..4 {
            let frozen = workers[round % 2].id();
            for number in 0..60 {
                if number == 20 {
                    signal(frozen, "STOP");
                }
                // A frozen process may hold the one lock of SQLite.
                let body = json!({ "email": format!("u{round}x{number}@example.com"), "password": PASSWORD });
                registered += usize::from(serving.client.post("/api/v1/auth/register", &body).await.status == 201);
            }
            tokio::time::sleep(Duration::from_secs(35)).await;
            signal(frozen, "CONT");
        }
        let count = async |what: &str| {
            let sql = format!("SELECT CAST(count(*) AS text) FROM {what}");
            installation.texts(&sql).await[0].parse::<usize>().unwrap()
        };
        until(async || count("outbox WHERE relayed_at IS NULL").await == 0).await;
        until(async || count("inbox WHERE state <> 'done'").await == 0).await;
        let users = count("users").await;
        assert!(users >= registered && registered > 100, "{registered} of {users}");
        for table in ["outbox", "inbox WHERE handler = 'audit'", "inbox WHERE handler = 'mail'", "audit"] {
            assert_eq!(count(table).await, users, "{table}");
        }
        for worker in &workers {
            signal(worker.id(), "TERM");
        }
        for worker in workers.drain(..) {
            finish(worker).expect(0);
        }
        println!("{backend:?}: {users} accounts, four freezes of 35 s, nothing lost and nothing twice");
    }

    async fn consume_stops_on_a_signal(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let serving = installation.serve_with(&["--no-worker"]);
        let worker = installation.start_quietly(&["consume"], &[]);
        let body = json!({ "email": "ada@example.com", "password": PASSWORD });
        serving.client.post("/api/v1/auth/register", &body).await.expect(201);
        until(async || installation.texts("SELECT type FROM audit").await.len() == 1).await;
        signal(worker.id(), "TERM");
        finish(worker).expect(0);
    }
}

#[test]
fn consume_reports_that_the_database_is_unreachable() {
    let nowhere = Installation::default()
        .set("SVC_DATABASE__URL", "postgres://svc@127.0.0.1:1/svc")
        .set("SVC_DATABASE__ACQUIRE_TIMEOUT", "100ms");
    nowhere.run(&["consume", "--wait", "1"]).refused(69, &["database.url", "127.0.0.1:1"]);
}
