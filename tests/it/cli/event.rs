//! `svc event` and `svc audit`.

use serde_json::{Value, json};

use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

const UNKNOWN: &str = "01990000-0000-7000-8000-000000000000";

async fn with_users(backend: Backend) -> Installation {
    let installation = Installation::migrated(backend).await;
    for email in ["ada@example.com", "bea@example.com"] {
        installation.run(&["create-user", "--email", email, "--generate-password"]).expect(0);
    }
    installation
}

fn list(installation: &Installation, arguments: &[&str]) -> Vec<Value> {
    installation.run(&[&["event", "list"], arguments].concat()).expect(0).json().as_array().unwrap().clone()
}

both_backends! {
    async fn events_are_found_by_user_type_and_time(backend: Backend) {
        let installation = with_users(backend).await;
        let all = list(&installation, &[]);
        assert_eq!(all.len(), 2);
        assert!(all[0]["time"].as_str() >= all[1]["time"].as_str(), "the newest first");
        assert_eq!((&all[0]["actor"], &all[0]["relayed_at"]), (&json!("operator"), &Value::Null));
        let bea = list(&installation, &["--user", "bea@example.com"]);
        assert_eq!(bea, all[..1]);
        assert_eq!(list(&installation, &["--user", bea[0]["subject"].as_str().unwrap()]), bea);
        assert_eq!(list(&installation, &["--limit", "1"]), bea);
        assert_eq!(list(&installation, &["--type", "user.registered", "--since", "1h"]), all);
        assert_eq!(list(&installation, &["--type", "svc.user.locked.v1"]), [] as [Value; 0]);
        // An unknown type is an error, and not an empty list.
        installation.run(&["event", "list", "--type", "user.loked"]).refused(2, &["--type", "user.loked", "user.locked"]);
        for list in ["event", "audit"] {
            let refused = installation.run(&[list, "list", "--type", "svc.nope"]);
            refused.refused(2, &["svc: invalid value 'svc.nope' for '--type <TYPE>' [possible values: user."]);
        }
        assert_eq!(list(&installation, &["--since", "2099-01-01T00:00:00Z"]), [] as [Value; 0]);
        assert_eq!(installation.run(&["audit", "list"]).expect(0).json(), json!([]));
        let shown = installation.run_with(&["event", "list", "-o", "table"], "", &[("COLUMNS", "80")]).expect(0).stdout;
        assert!(shown.starts_with("time        ") && shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
        assert_eq!(shown.split("\n\n").count(), 2, "{shown}");
        let stats = installation.run(&["event", "stats"]).expect(0).json();
        assert_eq!((&stats[0]["queue"], &stats[0]["waiting"]), (&json!("outbox"), &json!(2)));
    }

    async fn one_event_is_shown_as_consumers_see_it(backend: Backend) {
        let installation = with_users(backend).await.set("SVC_SERVER__PUBLIC_URL", "https://auth.example.com");
        let id = list(&installation, &["--user", "ada@example.com"])[0]["id"].as_str().unwrap().to_owned();
        let shown = installation.run(&["event", "show", &id]).expect(0).json();
        assert_eq!(shown["event"]["source"], "https://auth.example.com");
        assert_eq!(shown["event"]["data"]["email"], "ada@example.com");
        assert_eq!(shown["entries"], json!([]));
        let dead = "INSERT INTO inbox (event_id, handler, seq, subject, state, attempts, available_at, last_error) \
            SELECT id, 'audit', seq, subject, 'dead', 10, occurred_at, 'the disk of the server is full, and so is \
            the one of its standby: no row can be stored' FROM outbox";
        installation.execute(dead).await;
        let table = installation.run_with(&["event", "show", &id, "-o", "table"], "", &[("COLUMNS", "80")]).expect(0).stdout;
        assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
        let lines: Vec<String> =
            table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        for line in [
            &*format!("id {id}"),
            "event:",
            "source https://auth.example.com",
            "data.email ada@example.com",
            "entries:",
            "handler audit",
            "state dead",
        ] {
            assert!(lines.contains(&line.to_owned()), "{line} is not in {table}");
        }
        installation.execute("DELETE FROM inbox").await;
        let replayed = installation.run(&["event", "replay", &id]).expect(0).json();
        assert_eq!(replayed, json!({ "replayed": 0, "requeued": 0, "dry_run": false }));
    }

    async fn invalid_arguments_are_refused(backend: Backend) {
        let installation = with_users(backend).await;
        installation.run(&["event", "show", UNKNOWN]).refused(67, &["no event has the ID", "retention.events"]);
        installation.run(&["event", "replay", UNKNOWN]).refused(67, &["no event has the ID"]);
        for verb in ["show", "replay"] {
            installation.run(&["event", verb, "x"]).refused(65, &["svc: invalid value \"x\" for the event: expected an ID"]);
        }
        installation.run(&["event", "replay"]).refused(2, &["--dead", "--since"]);
        installation.run(&["event", "replay", "--dead", "--since", "1h"]).refused(2, &["cannot be used with"]);
        installation.run(&["event", "replay", "--since", "1h"]).refused(2, &["0 events", "--yes"]);
        installation.run(&["event", "list", "--since", "yesterday"]).refused(2, &["--since", "24h"]);
        installation.run(&["event", "list", "--user", "cea@example.com"]).refused(67, &["no user has the email address cea@example.com"]);
        installation.run(&["audit", "list", "--user", "unknown"]).refused(65, &["expected an ID or an email address"]);
        installation.run(&["event", "list", "--limit", "0"]).refused(2, &["--limit"]);
    }
}
