//! `svc ban`.

use std::process::Child;

use serde_json::{Value, json};

use crate::support::app::{Login, PASSWORD};
use crate::support::process::{Installation, Serving, finish, signal, until};
use crate::support::{Backend, both_backends};

const UNKNOWN: &str = "01990000-0000-7000-8000-000000000000";

fn add(installation: &Installation, arguments: &[&str]) -> Value {
    installation.run(&[&["ban", "add"], arguments].concat()).expect(0).json()
}

fn list(installation: &Installation) -> Vec<Value> {
    installation.run(&["ban", "list"]).expect(0).json().as_array().unwrap().clone()
}

/// Returns the status of an answer to a client at an address.
async fn status(serving: &Serving, address: &str) -> u16 {
    let request = serving.client.request(reqwest::Method::GET, "/.well-known/jwks.json");
    serving.client.answer(request.header("X-Forwarded-For", address)).await.status
}

both_backends! {
    async fn bans_are_added_listed_and_removed_while_the_service_runs(backend: Backend) {
        let installation = Installation::migrated(backend).await.set("SVC_SERVER__TRUSTED_PROXIES", "127.0.0.1");
        let serving = installation.serve();
        serving.ready().await;
        let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
        let user = serving.client.post("/api/v1/auth/register", &ada).await.expect(201);
        let login = Login::of(&serving.client.post("/api/v1/auth/login", &ada).await.expect(200));
        assert_eq!(list(&installation), [] as [Value; 0]);

        let said = installation.run(&["ban", "add", "203.0.113.9/24"]).expect(0).stderr;
        assert!(said.contains("203.0.113.9/24 is an address within a network: the ban is of the whole network 203.0.113.0/24"), "{said}");
        installation.run(&["ban", "remove", "203.0.113.0/24"]).expect(0);
        for exact in ["203.0.113.0/24", "203.0.113.9/32", "::ffff:203.0.113.9"] {
            assert!(!installation.run(&["ban", "add", exact]).expect(0).stderr.contains("whole network"), "{exact}");
            installation.run(&["ban", "remove", exact]).expect(0);
        }
        let network = add(&installation, &["203.0.113.9/24", "--reason", " scans ", "--until", "2999-01-01T01:00:00+01:00"]);
        assert_eq!(
            network,
            json!({
                "id": network["id"], "network": "203.0.113.0/24", "user_id": null, "reason": "scans",
                "created_at": network["created_at"], "ends_at": "2999-01-01T00:00:00.000000Z", "replaced": false,
            })
        );
        let account = add(&installation, &["--email", "Ada@example.com"]);
        assert_eq!((&account["user_id"], &account["network"]), (&user["id"], &Value::Null));
        until(async || status(&serving, "203.0.113.77").await == 403).await;
        until(async || serving.client.get("/api/v1/users/me", Some(&login.access)).await.status == 403).await;
        let without = |shown: &Value| {
            let mut shown = shown.clone();
            shown.as_object_mut().unwrap().remove("replaced");
            shown
        };
        assert_eq!(list(&installation), [without(&network), without(&account)]);

        // The same target again: another reason and end, the same ban.
        let again = add(&installation, &["203.0.113.0/24", "--for", "2h"]);
        assert_eq!((&again["id"], &again["created_at"]), (&network["id"], &network["created_at"]));
        assert_eq!((&again["replaced"], &again["reason"]), (&json!(true), &Value::Null));
        assert_eq!(list(&installation)[0], without(&again));

        let removed = installation.run(&["ban", "remove", again["id"].as_str().unwrap()]).expect(0).json();
        assert_eq!(removed, without(&again));
        installation.run(&["ban", "remove", "--user", user["id"].as_str().unwrap()]).expect(0);
        until(async || status(&serving, "203.0.113.77").await == 200).await;
        until(async || serving.client.get("/api/v1/users/me", Some(&login.access)).await.status == 200).await;
        assert_eq!(list(&installation), [] as [Value; 0]);

        let events = installation.texts("SELECT type FROM outbox WHERE actor = 'operator' ORDER BY seq").await;
        let before = ["added", "removed"].repeat(4);
        let expected: Vec<_> = [&before[..], &["added", "added", "added", "removed", "removed"]].concat().into_iter().map(|verb| format!("svc.ban.{verb}.v1")).collect();
        assert_eq!(events, expected);
        let found = installation.run(&["event", "list", "--type", "ban.added", "--limit", "1"]).expect(0).json();
        assert_eq!(found[0]["subject"], network["id"]);
        serving.terminate();
        serving.ended().expect(0);
    }

    async fn invalid_arguments_are_refused(backend: Backend) {
        let installation = Installation::migrated(backend)
            .await
            .set("SVC_SERVER__TRUSTED_PROXIES", "10.0.0.0/8,2001:db8:ffff::1");
        let refused = |arguments: &[&str], code, texts: &[&str]| {
            installation.run(&[&["ban"], arguments].concat()).refused(code, texts);
        };
        for wrong in ["203.0.113", "ada", "203.0.113.9/33", "[::1]", "", "ada@example.com"] {
            refused(&["add", wrong], 65, &["expected an IP address or a network"]);
        }
        refused(&["add"], 2, &["--user", "--email", "ADDRESS|NETWORK"]);
        refused(&["add", "203.0.113.9", "--user", UNKNOWN], 2, &["cannot be used with"]);
        refused(&["add", "203.0.113.9", "--for", "1h", "--until", "2999-01-01T00:00:00Z"], 2, &["cannot be used with"]);
        refused(&["add", "203.0.113.9", "--for", "soon"], 2, &["--for"]);
        refused(&["add", "203.0.113.9", "--until", "tomorrow"], 2, &["--until", "RFC 3339"]);
        refused(&["add", "203.0.113.9", "--until", "2020-01-01T00:00:00Z"], 65, &["is in the past"]);
        refused(&["add", "203.0.113.9", "--for", "0s"], 65, &["is in the past"]);
        refused(&["add", "203.0.113.9", "--reason", "a\nb"], 65, &["--reason", "one line"]);
        refused(&["add", "203.0.113.9", "--reason", &"x".repeat(201)], 65, &["--reason", "200"]);
        refused(&["add", "--user", UNKNOWN], 67, &["no such user"]);
        refused(&["add", "--email", "eva@example.com"], 67, &["no such user"]);
        refused(&["add", "--user", "unknown"], 65, &["expected an ID or an email address"]);
        refused(&["add", "--email", "unknown"], 65, &["--email"]);
        // Targets that would ban every client behind a proxy, with any confirmation.
        for (target, why) in [
            ("127.0.0.1", "loopback"),
            ("::1", "loopback"),
            ("::ffff:127.0.0.1", "loopback"),
            ("0.0.0.0/0", "loopback"),
            ("10.1.2.3", "10.0.0.0/8, a trusted proxy"),
            ("2001:db8::/32", "2001:db8:ffff::1/128, a trusted proxy"),
        ] {
            refused(&["add", target, "--yes"], 65, &[why, "every client behind", "would be banned"]);
        }
        refused(&["add", "192.0.0.0/7"], 2, &["192.0.0.0/7 is wider", "--yes"]);
        refused(&["add", "3ffe::/15"], 2, &["3ffe::/15 is wider", "--yes"]);
        assert_eq!(list(&installation), [] as [Value; 0]);
        for (target, arguments) in [("192.0.0.0/7", &["--yes"][..]), ("3ffe::/15", &["--yes"]), ("11.0.0.0/8", &[])] {
            let added = add(&installation, &[&[target], arguments].concat());
            assert_eq!(added["network"], target);
        }
        refused(&["remove"], 2, &["ID|ADDRESS|NETWORK"]);
        refused(&["remove", UNKNOWN], 67, &["no such ban"]);
        refused(&["remove", "203.0.113.9"], 67, &["no such ban"]);
        refused(&["remove", "11.0.0.0/9"], 67, &["no such ban"]);
        refused(&["remove", "somewhere"], 65, &["expected an IP address or a network"]);
        refused(&["remove", "--email", "eva@example.com"], 67, &["no such user"]);
        installation.run(&["ban", "remove", "11.0.0.0/8"]).expect(0);
        refused(&["remove", "11.0.0.0/8"], 67, &["no such ban"]);
    }

    async fn after_a_killed_command_ban_and_event_exist_or_neither(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let mut started: Vec<Child> = (0..12)
            .map(|number| installation.start(&["ban", "add", &format!("203.0.113.{number}")]))
            .collect();
        // When the first one has finished, each of the others has reached some step.
        finish(started.remove(0)).expect(0);
        for child in started {
            signal(child.id(), "KILL");
            finish(child);
        }
        let last = add(&installation, &["198.51.100.1"]);
        assert_eq!(last["replaced"], false);
        let both = "SELECT (SELECT CAST(count(*) AS text) FROM bans) || ' ' || \
            (SELECT CAST(count(*) AS text) FROM outbox WHERE type = 'svc.ban.added.v1')";
        let both = installation.texts(both).await.remove(0);
        let (bans, events) = both.split_once(' ').unwrap();
        assert_eq!(bans, events);
    }

    async fn rejections_are_in_the_security_log_and_do_not_tell_clients_the_reason(backend: Backend) {
        let installation = Installation::migrated(backend)
            .await
            .set("SVC_SERVER__TRUSTED_PROXIES", "127.0.0.1")
            .set("SVC_LOG__FORMAT", "json");
        let mut serving = installation.serve();
        serving.ready().await;
        let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
        let user = serving.client.post("/api/v1/auth/register", &ada).await.expect(201);
        let login = Login::of(&serving.client.post("/api/v1/auth/login", &ada).await.expect(200));
        add(&installation, &["203.0.113.9", "--reason", "a secret reason"]);
        let id = user["id"].as_str().unwrap();
        add(&installation, &["--user", id, "--reason", "a secret reason"]);
        until(async || status(&serving, "203.0.113.9").await == 403).await;
        until(async || serving.client.get("/api/v1/users/me", Some(&login.access)).await.status == 403).await;
        let answer = serving.client.post("/api/v1/auth/login", &ada).await;
        assert_eq!(answer.rejection(), (403, "banned".to_owned()));
        assert!(!String::from_utf8_lossy(&answer.bytes).contains("reason"));
        let refresh = json!({ "refresh_token": login.refresh });
        serving.client.post("/api/v1/auth/refresh", &refresh).await.expect(403);
        for (operation, user, session, client) in [
            ("request", Value::Null, Value::Null, "203.0.113.9"),
            ("authenticate", user["id"].clone(), json!(login.session_id()), "127.0.0.1"),
            ("log_in", user["id"].clone(), Value::Null, "127.0.0.1"),
            ("refresh", user["id"].clone(), json!(login.session_id()), "127.0.0.1"),
        ] {
            let line = serving.logged("\"reason\":\"banned\"");
            assert_eq!((&line["operation"], &line["outcome"]), (&json!(operation), &json!("refused")), "{line}");
            assert_eq!((&line["user_id"], &line["session_id"]), (&user, &session), "{line}");
            assert_eq!(line["client"], client, "{line}");
        }
        serving.terminate();
        serving.ended().expect(0);
    }
}
