use serde_json::{Value, json};

use crate::support::app::PASSWORD;
use crate::support::process::Installation;
use crate::support::{Backend, rabbit};

use super::until;

fn discard(installation: &Installation, how: &str) -> Value {
    installation.run(&["event", "discard", how]).expect(0).json()
}

#[test]
fn an_operator_sees_dead_letters_of_the_broker_and_replays_them() {
    rabbit::run(async |broker| {
        let installation = broker.carries_for(Installation::migrated(Backend::Postgres).await);
        let serving = installation.serve_with(&["--with-worker"]);
        let body = json!({ "email": "ada@example.com", "password": PASSWORD });
        serving.client.post("/api/v1/auth/register", &body).await.expect(201);
        until(async || installation.texts("SELECT type FROM audit").await.len() == 1).await;
        let admin = broker.admin().await;
        admin.publish(&broker.exchange(), "user.registered", "poison").await;
        until(async || admin.depth(&broker.dead_letters()).await == 1).await;

        let stats = installation.run(&["event", "stats"]).expect(0).json();
        let row = stats.as_array().unwrap().last().unwrap().clone();
        assert_eq!(
            (&row["queue"], &row["waiting"], &row["dead"]),
            (&json!(broker.inbox()), &json!(0), &json!(1))
        );
        let dead = installation.run(&["event", "dead"]).expect(0).json();
        assert_eq!(
            (dead[0]["last_error"].as_str(), &dead[0]["event"]),
            (Some("the message is not valid JSON; it starts with \"poison\""), &json!(null))
        );
        assert_eq!(installation.run(&["event", "dead", "--type", "user.locked"]).expect(0).json(), json!([]));
        // The broker puts messages back when it notices that the command has ended.
        let waits = async |count| until(async || admin.depth(&broker.dead_letters()).await == count).await;
        waits(1).await;
        let replayed = installation.run(&["event", "replay", "--dead", "--dry-run"]).expect(0).json();
        assert_eq!(replayed["returned"], 1);
        waits(1).await;
        installation
            .run(&["event", "replay", "--dead"])
            .refused(2, &["return 1 dead letter of the broker", "--yes"]);
        waits(1).await;
        let replayed = installation.run(&["event", "replay", "--dead", "--yes"]).expect(0).json();
        assert_eq!(replayed["returned"], 1);
        // It is unchanged.
        waits(1).await;

        // A message that names an event is not junk: it is kept, and a replay relays its event again.
        let event = installation.texts("SELECT CAST(id AS text) FROM outbox ORDER BY seq").await.remove(0);
        for id in [&event, "01990000-0000-7000-8000-000000000000"] {
            admin.publish(&broker.dead_letters(), "", &super::message(id)).await;
        }
        let expected = json!({ "discarded": 2, "kept": 1, "dry_run": true });
        until(async || discard(&installation, "--dry-run") == expected).await;
        waits(3).await;
        installation
            .run(&["event", "discard"])
            .refused(2, &["this would delete 2 messages, and keep 1", "--yes"]);
        until(async || discard(&installation, "--dry-run") == expected).await;
        let done = json!({ "discarded": 2, "kept": 1, "dry_run": false });
        waits(3).await;
        assert_eq!(discard(&installation, "--yes"), done);
        waits(1).await;
        let dead = installation.run(&["event", "dead"]).expect(0).json();
        assert_eq!((dead.as_array().unwrap().len(), &dead[0]["event"]), (1, &json!(event)));
        serving.terminate();
        serving.ended().expect(0);
    });
}

#[test]
fn without_a_broker_nothing_can_be_discarded() {
    let installation = Installation::default();
    installation.run(&["migrate"]).expect(0);
    let refused = installation.run(&["event", "discard", "--yes"]);
    refused.refused(2, &["queue.url names no broker", "svc event replay --dead"]);
}

#[test]
fn an_unreachable_broker_is_reported() {
    rabbit::run(async |_| {
        let installation = Installation::migrated(Backend::Postgres).await;
        installation.run(&["create-user", "--email", "ada@example.com", "--generate-password"]).expect(0);
        let dead = "INSERT INTO inbox (event_id, handler, seq, subject, state, attempts, available_at) \
            SELECT id, 'audit', seq, subject, 'dead', 10, occurred_at FROM outbox";
        installation.execute(dead).await;
        let installation = installation.set("SVC_QUEUE__URL", "amqp://u:hunter2@127.0.0.1:1");
        let stats = installation.run(&["event", "stats"]).expect(0);
        assert!(
            !stats.stderr.contains("hunter2")
                && stats.stderr.contains("failed to read the backlog of the broker"),
            "{}",
            stats.stderr
        );
        installation.run(&["event", "dead"]).refused(69, &["queue.url: amqp://u:****@127.0.0.1:1"]);
        installation.run(&["event", "replay", "--dead", "--yes"]).refused(69, &["queue.url"]);
        assert_eq!(installation.texts("SELECT state FROM inbox").await, ["dead"], "nothing was requeued");
        installation.run(&["event", "discard", "--yes"]).refused(69, &["queue.url"]);
        // Listing the events of the database needs no broker.
        installation.run(&["event", "list"]).expect(0);
    });
}
