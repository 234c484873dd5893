//! Behaviour that differs on a terminal.

use serde_json::json;

use crate::support::process::Installation;

const PASSWORD: &str = "correct horse battery";
const ADA: [&str; 3] = ["create-user", "--email", "ada@example.com"];

#[tokio::test]
async fn a_password_is_prompted_for_twice_and_never_shown() {
    let installation = Installation::default().patient();
    let Some(mut terminal) = installation.on_terminal(&ADA) else { return };
    let mut shown = String::new();
    for prompt in ["Password: ", "Repeat the password: "] {
        shown += &terminal.shows(prompt);
        terminal.hides();
        terminal.types(&format!("{PASSWORD}\n"));
    }
    let ran = terminal.ended().expect(0).hides(PASSWORD);
    assert!(!shown.contains(PASSWORD), "{shown}");
    assert!(ran.stdout.contains("email           ada@example.com"), "a table on a terminal: {ran:?}");
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    installation.serve().client.post("/api/v1/auth/login", &body).await.expect(200);
}

#[test]
fn two_different_passwords_create_no_account() {
    let installation = Installation::default();
    let Some(mut terminal) = installation.on_terminal(&ADA) else { return };
    for (prompt, password) in [("Password: ", PASSWORD), ("Repeat the password: ", "correct horse batter")] {
        terminal.shows(prompt);
        terminal.hides();
        terminal.types(&format!("{password}\n"));
    }
    let ran = terminal.ended().expect(65);
    assert!(ran.stdout.contains("the two passwords differ; nothing was changed"), "{ran:?}");
    assert!(!installation.path("data").exists());
}

#[test]
fn what_is_typed_after_a_ctrl_c_at_a_prompt_is_shown_again() {
    for arguments in [&ADA[..], &["token", "inspect"]] {
        let installation = Installation::default();
        let after = "echo ended with $?; stty -a";
        let Some(mut terminal) = installation.on_terminal_then(arguments, after) else { return };
        terminal.shows(": ");
        terminal.hides();
        terminal.types("\x03");
        terminal.shows("ended with 130");
        let state = terminal.ended().expect(0).stdout;
        assert!(state.contains(" echo "), "{state}");
        assert!(!state.contains("-echo "), "{state}");
    }
}

#[test]
fn the_service_prints_its_parts_and_addresses() {
    let installation = Installation::default().set("SVC_SERVER__LISTEN", "127.0.0.1:0").set("NO_COLOR", "1");
    let Some(mut terminal) = installation.on_terminal(&["serve"]) else { return };
    let banner = terminal.shows("Database  sqlite:data/svc.db");
    for line in ["svc 0.1.0 (development)", "API       http://127.0.0.1:", "Docs      http://127.0.0.1:"] {
        assert!(banner.contains(line), "{banner}");
    }
    assert!(!banner.contains("127.0.0.1:0/"), "the port is the one that was given: {banner}");
    terminal.types("\x03");
    terminal.ended().expect(0);
}
