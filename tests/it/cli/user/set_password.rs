use serde_json::json;

use super::{create, log_in, me, operator_events, text, try_log_in};
use crate::support::app::PASSWORD;
use crate::support::process::{Installation, until};
use crate::support::{Backend, both_backends};

const NEW: &str = "another horse battery";
const SET: [&str; 4] = ["user", "set-password", "ada@example.com", "--yes"];

both_backends! {
    async fn a_new_password_ends_every_session_unless_they_are_kept(backend: Backend) {
        let installation = Installation::migrated(backend).await.file("password", format!("{NEW}!\n"));
        let serving = installation.serve();
        serving.ready().await;
        create(&installation, "ada@example.com", &[]);
        let login = log_in(&serving, "ada@example.com").await;

        let arguments = [&SET[..], &["--keep-sessions", "--password-file", "password"]].concat();
        let kept = installation.run(&arguments).expect(0).hides(NEW).json();
        assert_eq!(kept["sessions_revoked"], json!(0));
        assert_eq!(me(&serving, &login).await, 200);
        try_log_in(&serving, "ada@example.com", PASSWORD).await.expect(401);
        try_log_in(&serving, "ada@example.com", &format!("{NEW}!")).await.expect(200);

        let arguments = [&SET[..], &["--password-stdin"]].concat();
        let set = installation.run_with_input(&arguments, &format!("{NEW}\n")).expect(0).hides(NEW).json();
        assert_eq!(set["sessions_revoked"], json!(2));
        until(async || me(&serving, &login).await == 401).await;
        try_log_in(&serving, "ada@example.com", NEW).await.expect(200);
        let reasons = installation.texts("SELECT DISTINCT revoked_reason FROM sessions WHERE revoked_at IS NOT NULL").await;
        assert_eq!(reasons, ["password_changed"]);

        let made = installation.run(&[&SET[..], &["--generate-password"]].concat()).expect(0).json();
        try_log_in(&serving, "ada@example.com", text(&made, "password")).await.expect(200);
        let events = operator_events(&installation).await;
        let changes = events.iter().filter(|event| event.starts_with("svc.user.password_changed.v1")).count();
        assert_eq!(changes, 3, "{events:?}");
        serving.terminate();
        serving.ended().expect(0).hides(NEW);
    }

    async fn a_password_that_breaks_the_policy_changes_nothing(backend: Backend) {
        let installation = Installation::migrated(backend).await.file("latin", [0xe9]);
        create(&installation, "ada@example.com", &[]);
        let stored = "SELECT password_hash FROM users";
        let before = installation.texts(stored).await;
        let set = |password: &str| installation.run_with_input(&[&SET[..], &["--password-stdin"]].concat(), password);
        set("short").refused(65, &["at least 8 characters"]);
        set("password1").refused(65, &["too common"]);
        set("ADA@example.com").refused(65, &["must not be the email address"]);
        set("").refused(65, &["the password is empty"]);
        let file = |name: &str| installation.run(&[&SET[..], &["--password-file", name]].concat());
        file("missing").refused(65, &["missing: No such file"]);
        file("latin").refused(65, &["not valid UTF-8"]);
        installation.run(&SET).refused(2, &["no password: pass --password-stdin"]);
        installation.run(&[&SET[..], &["--password-stdin", "--generate-password"]].concat()).refused(2, &["cannot be used with"]);
        let unconfirmed = installation.run_with_input(&["user", "set-password", "ada@example.com", "--password-stdin"], NEW);
        unconfirmed.refused(2, &["replace the password of ada@example.com and revoke no session", "--yes"]);
        assert_eq!(installation.texts(stored).await, before);
    }
}

#[tokio::test]
async fn on_a_terminal_it_asks_and_then_prompts_for_the_password() {
    let installation = Installation::migrated(Backend::Sqlite).await;
    create(&installation, "ada@example.com", &[]);
    let Some(mut terminal) = installation.on_terminal(&["user", "set-password", "ada@example.com"]) else {
        return;
    };
    terminal.shows("[y/N] ");
    terminal.types("y\n");
    for prompt in ["Password: ", "Repeat the password: "] {
        terminal.shows(prompt);
        terminal.hides();
        terminal.types(&format!("{NEW}\n"));
    }
    terminal.ended().expect(0).hides(NEW);
    let serving = installation.serve();
    try_log_in(&serving, "ada@example.com", NEW).await.expect(200);
}
