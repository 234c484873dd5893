use reqwest::Method;
use serde_json::{Value, json};

use crate::cli::key::with_key;
use crate::cli::user::{UNKNOWN, create, log_in, me, operator, text};
use crate::support::app::Login;
use crate::support::process::{Installation, Serving, until};
use crate::support::{Backend, both_backends};

const OTHER_SECRET: &str = "tGzv3JOkF0XG5Qx2TlKWIAtGzv3JOkF0XG5Qx2TlKWIA";

/// Explains a text from standard input.
pub(super) fn explain(installation: &Installation, text: &str) -> Value {
    let ran = installation.run_with_input(&["session", "explain"], text).expect(0);
    // The id of a session is no secret.
    if text.len() > 36 { ran.hides(text).json() } else { ran.json() }
}

/// Returns the codes of the reasons.
pub(super) fn codes(explained: &Value) -> Vec<&str> {
    assert_eq!(explained["accepted"], json!(explained["reasons"].as_array().unwrap().is_empty()));
    explained["reasons"].as_array().unwrap().iter().map(|reason| text(reason, "code")).collect()
}

/// Returns the codes of the timeline, in order.
fn timeline(explained: &Value) -> Vec<&str> {
    let entries = explained["timeline"].as_array().unwrap();
    assert!(entries.is_sorted_by_key(|entry| text(entry, "time")), "{explained}");
    entries.iter().map(|entry| text(entry, "code")).collect()
}

/// Returns an entry of the timeline.
pub(super) fn entry<'a>(explained: &'a Value, code: &str) -> &'a Value {
    let entries = explained["timeline"].as_array().unwrap();
    entries.iter().find(|entry| entry["code"] == code).unwrap_or_else(|| panic!("no {code} in {explained:#}"))
}

/// Panics unless all three ways to name a session of a running service are explained with these reasons, and
/// the service agrees.
async fn all_explain(installation: &Installation, serving: &Serving, login: &Login, expected: &[&str]) {
    for presented in [&login.session_id(), &login.refresh, &login.access] {
        let explained = explain(installation, presented);
        assert_eq!(codes(&explained), expected, "{explained:#}");
    }
    // Another replica may learn of a change a moment later.
    until(async || (me(serving, login).await == 200) == expected.is_empty()).await;
}

async fn refresh(serving: &Serving, token: &str) -> (u16, Value) {
    let answer = serving.client.post("/api/v1/auth/refresh", &json!({ "refresh_token": token })).await;
    (answer.status, answer.json())
}

async fn started(backend: Backend) -> (Installation, Serving) {
    let installation = Installation::migrated(backend).await.set("SVC_SERVER__PUBLIC_URL", "http://svc.test");
    let serving = installation.serve();
    serving.ready().await;
    (installation, serving)
}

both_backends! {
    async fn a_revoked_session_and_a_locked_user_are_explained_with_who_and_why(backend: Backend) {
        let (installation, serving) = started(backend).await;
        create(&installation, "ada@example.com", &[]);
        let login = log_in(&serving, "ada@example.com").await;
        all_explain(&installation, &serving, &login, &[]).await;
        let explained = explain(&installation, &login.session_id());
        assert_eq!(timeline(&explained), ["user_registered", "session_opened", "now", "session_expires"]);
        let opened = entry(&explained, "session_opened");
        assert_eq!((&opened["by"], &opened["address"]), (&json!("the user"), &json!("127.0.0.1")));
        assert_eq!(entry(&explained, "user_registered")["by"], json!(format!("operator {}", operator())));
        assert_eq!(explained["session"]["id"], json!(login.session_id()));

        installation.run(&["user", "lock", "ada@example.com", "--yes"]).expect(0);
        all_explain(&installation, &serving, &login, &["session_revoked", "user_locked"]).await;
        let explained = explain(&installation, &login.refresh);
        let by = format!("operator {}", operator());
        for code in ["user_locked", "session_revoked"] {
            assert_eq!(entry(&explained, code)["by"], json!(by));
        }
        let reason = explained["reasons"][0]["text"].as_str().unwrap();
        assert!(reason.contains("(user_locked)") && reason.contains(&format!("by {by}")), "{reason}");

        installation.run(&["user", "unlock", "ada@example.com"]).expect(0);
        all_explain(&installation, &serving, &login, &["session_revoked"]).await;
        let other = log_in(&serving, "ada@example.com").await;
        all_explain(&installation, &serving, &other, &[]).await;
        let path = "/api/v1/auth/logout-all";
        serving.client.send(Method::POST, path, Some(&other.access), None).await.expect(204);
        let explained = explain(&installation, &other.session_id());
        assert!(explained["reasons"][0]["text"].as_str().unwrap().ends_with("(logged_out_everywhere) by the user"));
        serving.terminate();
        serving.ended().expect(0);
    }

    async fn replaced_refresh_tokens_are_explained_and_nothing_happens_to_their_session(backend: Backend) {
        let (installation, serving) = started(backend).await;
        create(&installation, "ada@example.com", &[]);
        let first = log_in(&serving, "ada@example.com").await;
        let second = Login::of(&refresh(&serving, &first.refresh).await.1);
        let explained = explain(&installation, &first.refresh);
        assert_eq!(codes(&explained), [] as [&str; 0]);
        assert!(text(&explained, "note").contains("the previous refresh token"), "{explained}");
        assert_eq!(explain(&installation, &second.refresh)["note"], Value::Null);
        assert_eq!(entry(&explained, "session_refreshed")["address"], json!("127.0.0.1"));

        let third = Login::of(&refresh(&serving, &second.refresh).await.1);
        let explained = explain(&installation, &first.refresh);
        assert_eq!(codes(&explained), ["token_replaced"]);
        assert!(text(&explained["reasons"][0], "text").contains("2 newer ones were issued"), "{explained}");
        assert_eq!(codes(&explain(&installation, &third.refresh)), [] as [&str; 0]);
        assert_eq!(codes(&explain(&installation, &first.access)), [] as [&str; 0], "the session is live");

        assert_eq!(refresh(&serving, &first.refresh).await.0, 401);
        let explained = explain(&installation, &third.refresh);
        assert_eq!(codes(&explained), ["session_revoked"]);
        assert_eq!(entry(&explained, "reuse_detected")["by"], json!("the service"));
        serving.terminate();
        serving.ended().expect(0);
    }

    async fn bans_and_deletions_are_explained(backend: Backend) {
        let (installation, serving) = started(backend).await;
        create(&installation, "ada@example.com", &[]);
        let login = log_in(&serving, "ada@example.com").await;
        installation.run(&["ban", "add", "--email", "ada@example.com", "--until", "2999-01-01T00:00:00Z"]).expect(0);
        let explained = explain(&installation, &login.access);
        assert_eq!(codes(&explained), ["user_banned"]);
        assert!(text(&explained["reasons"][0], "text").contains("2999-01-01"), "{explained}");
        installation.run(&["ban", "remove", "--email", "ada@example.com"]).expect(0);
        installation.run(&["user", "delete", "ada@example.com", "--yes"]).expect(0);
        let explained = explain(&installation, &login.access);
        assert_eq!(codes(&explained), ["no_such_session"]);
        assert_eq!(entry(&explained, "user_deleted")["by"], json!(format!("operator {}", operator())));
        assert_eq!(codes(&explain(&installation, &login.refresh)), ["no_such_session"]);
        let unknown = installation.run_with_input(&["session", "explain"], &login.session_id());
        unknown.refused(67, &["no session has this ID"]);
        serving.terminate();
        serving.ended().expect(0);
    }

    async fn tokens_of_other_installations_and_settings_are_explained(backend: Backend) {
        let (installation, serving) = started(backend).await;
        create(&installation, "ada@example.com", &[]);
        let login = log_in(&serving, "ada@example.com").await;
        let (elsewhere, other) = started(Backend::Sqlite).await;
        create(&elsewhere, "ada@example.com", &[]);
        let foreign = log_in(&other, "ada@example.com").await;
        assert_eq!(codes(&explain(&installation, &foreign.access)), ["unknown_key", "no_such_session"]);
        assert_eq!(codes(&explain(&installation, &foreign.refresh)), ["other_secret_key", "no_such_session"]);

        let explain_with = |setting: &str, text: &str| {
            let arguments = ["session", "explain", "--set", setting];
            installation.run_with_input(&arguments, text).expect(0).json()
        };
        let explained = explain_with("security.token.issuer=http://other.test", &login.access);
        assert!(codes(&explained).contains(&"wrong_issuer"), "{explained:#}");
        let explained = explain_with("security.token.audience=other", &login.access);
        assert_eq!(codes(&explained), ["wrong_audience"]);
        let other_login = log_in(&serving, "ada@example.com").await;
        let (signed, signature) = (login.access.rsplit_once('.').unwrap().0, other_login.access.rsplit_once('.').unwrap().1);
        let forged = format!("{signed}.{signature}");
        assert_eq!(codes(&explain(&installation, &forged)), ["wrong_signature"]);
        assert_eq!(codes(&explain(&installation, &login.refresh[..90])), ["malformed"]);
        for serving in [serving, other] {
            serving.terminate();
            serving.ended().expect(0);
        }
    }

    async fn an_expired_session_is_explained(backend: Backend) {
        let (installation, serving) = started(backend).await;
        create(&installation, "ada@example.com", &[]);
        let issue = ["issue-token", "--user", "ada@example.com", "--ttl", "1h", "--refresh"];
        let issued = installation.run(&issue).expect(0).json();
        let login = Login::of(&issued);
        installation.execute("UPDATE sessions SET idle_expires_at = '2020-01-01T00:00:00.000000Z'").await;
        let explained = explain(&installation, &login.session_id());
        assert_eq!(codes(&explained), ["session_expired"]);
        assert!(text(&explained["reasons"][0], "text").contains("not refreshed for too long"), "{explained}");
        let opened = entry(&explained, "session_opened");
        assert!(text(opened, "text").contains("(cli)"), "{opened}");
        assert_eq!(opened["by"], json!(format!("operator {}", operator())));
        serving.terminate();
        serving.ended().expect(0);
    }

    async fn a_table_tells_the_story_in_80_columns(backend: Backend) {
        let (installation, serving) = started(backend).await;
        create(&installation, "ada@example.com", &[]);
        let login = log_in(&serving, "ada@example.com").await;
        installation.run(&["user", "lock", "ada@example.com", "--yes"]).expect(0);
        let arguments = ["session", "explain", "-o", "table"];
        let narrow = [("COLUMNS", "80")];
        let explained = installation.run_with(&arguments, &format!("Bearer {}\n", login.access), &narrow);
        let story = explained.expect(0).stdout;
        assert!(story.starts_with("The access token is not accepted:\n- the session was revoked at "), "{story}");
        assert!(story.contains("\n- the user is locked\n"), "{story}");
        assert!(story.lines().all(|line| line.chars().count() <= 80), "{story}");
        let accepted = log_in_again(&installation, &serving).await;
        let story = installation.run_with_input(&arguments, &accepted.session_id()).expect(0).stdout;
        assert!(story.starts_with("The session is accepted.\n"), "{story}");
        serving.terminate();
        serving.ended().expect(0);
    }

    async fn a_leaked_key_is_named_and_with_another_secret_key_there_is_no_verdict(backend: Backend) {
        let (installation, serving) = started(backend).await;
        create(&installation, "ada@example.com", &[]);
        let login = log_in(&serving, "ada@example.com").await;
        let commands = [["session", "explain"], ["token", "inspect"]];
        for command in commands {
            let other = [("SVC_SECURITY__SECRET_KEY", OTHER_SECRET)];
            let ran = installation.run_with(&command, &login.access, &other);
            ran.refused(78, &["security.secret_key", "encrypted with another secret key"]).hides(&login.access);
        }
        // The token itself does not show which of the two has the wrong secret key.
        let other = [("SVC_SECURITY__SECRET_KEY", OTHER_SECRET)];
        let ran = installation.run_with(&["session", "explain"], &login.refresh, &other);
        ran.refused(78, &["security.secret_key", "encrypted with another secret key"]).hides(&login.refresh);
        // As it was copied: from JSON, or from a request.
        for copied in [format!("\"{}\"\n", login.access), format!("Authorization: Bearer {}\r\n", login.access)] {
            assert_eq!(codes(&explain(&installation, &copied)), [] as [&str; 0]);
        }
        let active = with_key(&installation, "{active}");
        installation.run(&["key", "retire", &active, "--compromised", "--yes"]).expect(0);
        for command in commands {
            let shown = installation.run_with_input(&command, &login.access).expect(0);
            let reason = format!("the key {active} was declared compromised at 20");
            assert!(shown.stdout.contains(&reason), "{shown:?}");
        }
        serving.terminate();
        serving.ended().expect(0);
    }

    async fn other_texts_are_refused_in_one_line(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        // The first command generates the secret key, and says so.
        installation.run(&["user", "list"]).expect(0);
        for (input, code, expected) in [
            ("", 65, "standard input: empty"),
            ("\u{feff}\n", 65, "standard input: empty"),
            ("one two", 65, "more than one word"),
            ("a.b.c", 65, "this is no access token: the header is not"),
            ("{\"access_token\": \"a.b.c\"}", 65, "not a JSON object"),
            ("hello", 65, "expected the ID of a session, a refresh token"),
            ("ada@example.com", 65, "expected the ID of a session, a refresh token"),
            (UNKNOWN, 67, "no session has this ID"),
        ] {
            let ran = installation.run_with_input(&["session", "explain"], input);
            assert_eq!(ran.stderr.trim_end().lines().count(), 1, "{ran:?}");
            ran.refused(code, &[expected]);
        }
        let long = installation.run_with_input(&["session", "explain"], &"x".repeat(70_000));
        long.refused(65, &["too long for a token"]);
        installation.run(&["session", "explain", UNKNOWN]).refused(2, &["unexpected argument"]);
    }
}

async fn log_in_again(installation: &Installation, serving: &Serving) -> Login {
    installation.run(&["user", "unlock", "ada@example.com"]).expect(0);
    log_in(serving, "ada@example.com").await
}

#[tokio::test]
async fn on_a_terminal_it_prompts_and_shows_nothing_of_the_token() {
    let installation = Installation::migrated(Backend::Sqlite).await;
    create(&installation, "ada@example.com", &[]);
    let issued = installation.run(&["issue-token", "--user", "ada@example.com"]).expect(0).json();
    let Some(mut terminal) = installation.on_terminal(&["session", "explain"]) else { return };
    terminal.shows("Session ID, refresh token or access token: ");
    terminal.hides();
    terminal.types(&format!("{}\n", text(&issued, "access_token")));
    let ran = terminal.ended().expect(0).hides(text(&issued, "access_token"));
    assert!(ran.stdout.contains("The access token is accepted."), "{ran:?}");
}
