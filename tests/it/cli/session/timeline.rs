//! The timeline of `svc session explain`: which client opened a session, who banned it, and what became of
//! its key.

use reqwest::Method;
use serde_json::{Value, json};

use super::explain::{codes, entry, explain};
use crate::cli::key::{signer, with_key};
use crate::cli::user::{create, operator, text};
use crate::support::app::{Login, PASSWORD};
use crate::support::process::{Installation, Serving, within};
use crate::support::{Backend, both_backends};

const ADDRESS: &str = "203.0.113.9";

/// Starts a service behind a trusted proxy, and creates a user.
async fn started(backend: Backend) -> (Installation, Serving) {
    let installation = Installation::migrated(backend).await.set("SVC_SERVER__TRUSTED_PROXIES", "127.0.0.1");
    let installation = installation.set("SVC_SERVER__PUBLIC_URL", "http://svc.test");
    let serving = installation.serve();
    serving.ready().await;
    create(&installation, "ada@example.com", &[]);
    (installation, serving)
}

/// Sends a request of a client with this address and this agent.
async fn send(serving: &Serving, (address, agent): (&str, &str), path: &str, body: &Value) -> Login {
    let request = serving.client.request(Method::POST, path).header("X-Forwarded-For", address);
    let answer = serving.client.answer(request.header("User-Agent", agent).json(body)).await;
    Login::of(&answer.expect(200))
}

async fn log_in_from(serving: &Serving, client: (&str, &str)) -> Login {
    let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
    send(serving, client, "/api/v1/auth/login", &ada).await
}

async fn refresh_from(serving: &Serving, client: (&str, &str), login: &Login) -> Login {
    let body = json!({ "refresh_token": login.refresh });
    send(serving, client, "/api/v1/auth/refresh", &body).await
}

/// The address and the agent of an entry.
fn client<'a>(explained: &'a Value, code: &str) -> (&'a Value, &'a Value) {
    let entry = entry(explained, code);
    (&entry["address"], &entry["agent"])
}

both_backends! {
    async fn the_client_of_the_log_in_is_known_after_any_number_of_refreshes(backend: Backend) {
        let (installation, serving) = started(backend).await;
        let mut login = log_in_from(&serving, (ADDRESS, "phone/1")).await;
        let explained = explain(&installation, &login.session_id());
        assert_eq!(client(&explained, "session_opened"), (&json!(ADDRESS), &json!("phone/1")));
        // The token says the second, which began before the session.
        let explained = explain(&installation, &login.access);
        let entries = explained["timeline"].as_array().unwrap().iter().map(|entry| text(entry, "code"));
        let shown: Vec<&str> = entries.filter(|code| ["session_opened", "token_issued", "now"].contains(code)).collect();
        assert_eq!(shown, ["session_opened", "token_issued", "now"], "{explained:#}");
        for (address, agent) in [("203.0.113.10", "phone/2"), ("203.0.113.11", "phone/3"), ("2001:db8::7", "phone/4")] {
            login = refresh_from(&serving, (address, agent), &login).await;
            for presented in [&login.session_id(), &login.refresh, &login.access] {
                let explained = explain(&installation, presented);
                assert_eq!(client(&explained, "session_opened"), (&json!(ADDRESS), &json!("phone/1")));
                assert_eq!(client(&explained, "session_refreshed"), (&json!(address), &json!(agent)));
            }
        }
        let session = login.session_id();
        let shown = installation.run(&["session", "show", &session]).expect(0).json();
        let listed = installation.run(&["session", "list"]).expect(0).json();
        for shown in [&shown, &listed[0]] {
            assert_eq!((&shown["opened_address"], &shown["opened_agent"]), (&json!(ADDRESS), &json!("phone/1")));
            assert_eq!((&shown["address"], &shown["agent"]), (&json!("2001:db8::7"), &json!("phone/4")));
        }
        // As after the first refresh by a release that did not store it: it is not known, and not guessed.
        installation.execute("UPDATE sessions SET opened_address = NULL, opened_agent = NULL").await;
        login = refresh_from(&serving, ("203.0.113.12", "phone/5"), &login).await;
        let explained = explain(&installation, &login.refresh);
        assert_eq!(client(&explained, "session_opened"), (&Value::Null, &Value::Null));
        serving.terminate();
        serving.ended().expect(0);
    }

    async fn a_ban_of_the_user_says_who_and_why(backend: Backend) {
        let (installation, serving) = started(backend).await;
        let login = log_in_from(&serving, (ADDRESS, "phone/1")).await;
        let ban = ["ban", "add", "--email", "ada@example.com", "--until", "2999-01-01T00:00:00Z", "--reason"];
        installation.run(&[&ban[..], &["ticket 4711"]].concat()).expect(0);
        let by = format!("operator {}", operator());
        let explained = explain(&installation, &login.session_id());
        assert_eq!(codes(&explained), ["user_banned"]);
        let reason = text(&explained["reasons"][0], "text");
        assert_eq!(reason, format!("the user is banned by {by} until 2999-01-01T00:00:00.000000Z: ticket 4711"));
        let banned = entry(&explained, "user_banned");
        assert_eq!(banned["by"], json!(by));
        assert!(text(banned, "text").ends_with("until 2999-01-01T00:00:00.000000Z (ticket 4711)"), "{banned}");
        let entries = explained["timeline"].as_array().unwrap();
        assert_eq!(entries.iter().filter(|entry| entry["code"] == "user_banned").count(), 1, "{explained:#}");

        installation.run(&["ban", "remove", "--email", "ada@example.com"]).expect(0);
        let explained = explain(&installation, &login.session_id());
        assert_eq!(codes(&explained), [] as [&str; 0]);
        assert!(text(entry(&explained, "user_banned"), "text").contains("(ticket 4711)"), "{explained:#}");
        assert_eq!(entry(&explained, "ban_removed")["by"], json!(by));
        serving.terminate();
        serving.ended().expect(0);
    }

    async fn a_ban_of_the_address_says_who_and_why(backend: Backend) {
        let (installation, serving) = started(backend).await;
        let login = log_in_from(&serving, (ADDRESS, "phone/1")).await;
        let login = refresh_from(&serving, ("198.51.100.7", "phone/1"), &login).await;
        installation.run(&["ban", "add", "203.0.113.0/24", "--reason", "guessing"]).expect(0);
        installation.run(&["ban", "add", "192.0.2.1", "--reason", "another"]).expect(0);
        let by = format!("operator {}", operator());
        let explained = explain(&installation, &login.access);
        assert_eq!(codes(&explained), [] as [&str; 0], "from elsewhere it is accepted");
        let note = format!("{ADDRESS}, an address of its client, are refused: 203.0.113.0/24 is banned by {by}: guessing");
        assert!(text(&explained, "note").ends_with(&note), "{explained:#}");
        let banned = entry(&explained, "address_banned");
        assert_eq!((&banned["by"], text(banned, "text").ends_with("(guessing)")), (&json!(by), true), "{banned}");
        assert!(!explained.to_string().contains("192.0.2.1"), "{explained:#}");
        let table = ["session", "explain", "-o", "table"];
        let story = installation.run_with_input(&table, &login.session_id()).expect(0).stdout;
        assert!(story.contains(&note) && story.contains("were banned (guessing), by operator"), "{story}");

        installation.execute("UPDATE bans SET ends_at = created_at").await;
        let explained = explain(&installation, &login.access);
        assert_eq!(explained["note"], Value::Null);
        entry(&explained, "ban_ended");
        // Without its events, the row is shown.
        installation.execute("DELETE FROM outbox").await;
        // A worker may have copied them before.
        installation.execute("DELETE FROM audit").await;
        let explained = explain(&installation, &login.access);
        let banned = entry(&explained, "address_banned");
        assert_eq!((&banned["by"], text(banned, "text").ends_with("(guessing)")), (&Value::Null, true), "{banned}");
        serving.terminate();
        serving.ended().expect(0);
    }

    async fn a_removed_key_says_when_and_who(backend: Backend) {
        let (installation, serving) = started(backend).await;
        let login = log_in_from(&serving, (ADDRESS, "phone/1")).await;
        let key = with_key(&installation, "{active}");
        installation.run(&["key", "rotate", "--force", "--yes"]).expect(0);
        let explained = explain(&installation, &login.access);
        assert_eq!(codes(&explained), [] as [&str; 0]);
        let by = format!("operator {}", operator());
        assert_eq!(entry(&explained, "key_retired")["by"], json!(by));

        installation.run(&["key", "remove", &key, "--force", "--yes"]).expect(0);
        let explained = explain(&installation, &login.access);
        assert_eq!(codes(&explained), ["unknown_key"]);
        let reason = text(&explained["reasons"][0], "text");
        assert!(reason.contains(&format!("the key {key} was removed at 20")) && reason.contains(&by), "{reason}");
        assert_eq!(entry(&explained, "key_removed")["by"], json!(by));
        assert_eq!(entry(&explained, "key_retired")["by"], json!(by));
        let inspected = installation.run_with_input(&["token", "inspect"], &login.access).expect(0);
        assert!(inspected.stdout.contains(&format!("the key {key} was removed at 20")), "{inspected:?}");

        let leaked = with_key(&installation, "{active}");
        // The service learns of the rotation a moment later.
        let login = within(async {
            loop {
                let login = log_in_from(&serving, (ADDRESS, "phone/1")).await;
                if signer(&login) == leaked {
                    break login;
                }
            }
        });
        let login = login.await;
        installation.run(&["key", "retire", &leaked, "--compromised", "--yes"]).expect(0);
        let explained = explain(&installation, &login.access);
        assert_eq!(entry(&explained, "key_compromised")["by"], json!(by));
        serving.terminate();
        serving.ended().expect(0);
    }
}
