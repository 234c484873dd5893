//! An event that kills every process that handles it.

use std::sync::Mutex;

use serde_json::json;

use super::until;
use crate::support::app::PASSWORD;
use crate::support::process::Installation;
use crate::support::{Backend, both_backends, rabbit};

async fn is_dead_lettered_and_requeued_by_a_replay(installation: Installation) {
    let serving = installation.serve_with(&["--no-worker"]);
    serving.ready().await;
    let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
    serving.client.post("/api/v1/auth/register", &ada).await.expect(201);
    serving.client.post("/api/v1/auth/login", &ada).await.expect(200);
    let deadly = [("SVC_TEST_FAIL_POINT", "handler.done@svc.session.started.v1")];
    let mut deaths = 0;
    while installation.run(&["event", "dead"]).expect(0).json() == json!([]) {
        // Each process claims the event after the lease of the previous one has expired.
        installation.expire_leases(99).await;
        let worker = Mutex::new(installation.start_quietly(&["consume"], &deadly));
        until(async || {
            let dead = "SELECT state FROM inbox WHERE state = 'dead'";
            worker.lock().unwrap().try_wait().unwrap().is_some() || !installation.texts(dead).await.is_empty()
        })
        .await;
        let mut worker = worker.into_inner().unwrap();
        deaths += usize::from(worker.try_wait().unwrap().is_some());
        let _ = worker.kill();
        worker.wait().unwrap();
        assert!(deaths <= 10, "it is retried without end");
    }
    assert_eq!(deaths, 10);
    let dead = installation.run(&["event", "dead"]).expect(0).json();
    assert_eq!((&dead[0]["type"], &dead[0]["attempts"]), (&json!("svc.session.started.v1"), &json!(10)));
    // Events that were claimed together with it are still handled.
    assert_eq!(installation.texts("SELECT type FROM audit").await, ["svc.user.registered.v1"]);

    let many =
        installation.run(&["event", "replay", "--dead"]).refused(2, &["requeue 1 dead letter ", "--yes"]);
    assert!(many.stderr.contains("0 events"));
    let would = installation.run(&["event", "replay", "--dead", "--dry-run"]).expect(0).json();
    assert_eq!((&would["replayed"], &would["requeued"]), (&json!(0), &json!(1)));
    installation.run(&["event", "replay", "--dead", "--yes"]).expect(0);
    let mut worker = installation.start_quietly(&["consume"], &[]);
    let handled = "SELECT type FROM audit WHERE type = 'svc.session.started.v1'";
    until(async || installation.texts(handled).await.len() == 1).await;
    worker.kill().unwrap();
    worker.wait().unwrap();
    let audit = installation.run(&["audit", "list", "--type", "session.started"]).expect(0).json();
    assert_eq!(audit.as_array().unwrap().len(), 1);
}

both_backends! {
    async fn an_event_that_kills_its_process_is_dead_lettered_and_requeued_by_a_replay(backend: Backend) {
        is_dead_lettered_and_requeued_by_a_replay(Installation::migrated(backend).await).await;
    }
}

/// Its message passes the broker once: attempts are counted in the inbox, and no other message is redelivered
/// too often.
#[test]
fn with_a_broker_the_same_happens() {
    rabbit::run(async |broker| {
        let installation = broker.carries_for(Installation::migrated(Backend::Postgres).await);
        is_dead_lettered_and_requeued_by_a_replay(installation).await;
        assert_eq!(broker.admin().await.depth(&broker.dead_letters()).await, 0);
    });
}
