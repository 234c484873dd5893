use serde_json::json;

use super::{create, log_in, me, operator, operator_events, text, try_log_in};
use crate::support::app::PASSWORD;
use crate::support::process::{Installation, until};
use crate::support::{Backend, both_backends};

both_backends! {
    async fn a_running_service_refuses_a_locked_user(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let serving = installation.serve();
        serving.ready().await;
        let ada = create(&installation, "ada@example.com", &[]);
        let logins = [log_in(&serving, "ada@example.com").await, log_in(&serving, "ada@example.com").await];
        assert_eq!(me(&serving, &logins[0]).await, 200);

        // The preview and the missing confirmation change nothing.
        let planned = installation.run(&["user", "lock", text(&ada, "id"), "--dry-run"]).expect(0).json();
        assert_eq!(
            (&planned["status"], &planned["sessions_revoked"], &planned["dry_run"]),
            (&json!("active"), &json!(2), &json!(true))
        );
        let unconfirmed = installation.run(&["user", "lock", "ada@example.com"]);
        unconfirmed.refused(2, &["this would lock the user ada@example.com and revoke 2 sessions", "--yes"]);
        assert_eq!(me(&serving, &logins[1]).await, 200);

        let locked = installation.run(&["user", "lock", "ADA@example.com", "--yes"]).expect(0).json();
        assert_eq!((&locked["id"], &locked["status"]), (&ada["id"], &json!("locked")));
        assert_eq!((&locked["sessions_revoked"], &locked["dry_run"]), (&json!(2), &json!(false)));
        for login in &logins {
            until(async || me(&serving, login).await == 401).await;
            let refresh = json!({ "refresh_token": login.refresh });
            serving.client.post("/api/v1/auth/refresh", &refresh).await.expect(401);
        }
        let answer = try_log_in(&serving, "ada@example.com", PASSWORD).await;
        assert_eq!(answer.rejection(), (403, "account_locked".to_owned()));
        let by = operator();
        let expected = ["user.registered", "user.locked", "session.revoked", "session.revoked"];
        let expected = expected.map(|name| format!("svc.{name}.v1 by {by}"));
        assert_eq!(operator_events(&installation).await, expected);

        // Again: nothing is left to do, and no event is appended.
        let again = installation.run(&["user", "lock", "ada@example.com", "--yes"]).expect(0).json();
        assert_eq!((&again["updated_at"], &again["sessions_revoked"]), (&locked["updated_at"], &json!(0)));
        assert_eq!(operator_events(&installation).await, expected);
        serving.terminate();
        serving.ended().expect(0);
    }

    async fn the_last_administrator_is_not_locked(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        create(&installation, "ada@example.com", &["--role", "admin"]);
        // An administrator without a password does not count, neither for the change nor for its preview.
        installation.run(&["user", "invite", "eva@example.com", "--role", "admin"]).expect(0);
        for more in ["--yes", "--dry-run"] {
            let refused = installation.run(&["user", "lock", "ada@example.com", more]);
            refused.refused(1, &["ada@example.com is the last active administrator", "svc user set-role"]);
        }
        create(&installation, "bea@example.com", &["--role", "admin"]);
        installation.run(&["user", "lock", "ada@example.com", "--yes"]).expect(0);
        installation.run(&["user", "lock", "bea@example.com", "--yes"]).refused(1, &["last active administrator"]);
        installation.run(&["user", "lock", "ada@example.com", "--yes"]).expect(0);
    }
}

#[tokio::test]
async fn on_a_terminal_it_asks() {
    let installation = Installation::migrated(Backend::Sqlite).await;
    create(&installation, "ada@example.com", &[]);
    for (answer, code, status) in [("n\n", 1, "active"), ("\n", 1, "active"), ("y\n", 0, "locked")] {
        let Some(mut terminal) = installation.on_terminal(&["user", "lock", "ada@example.com"]) else {
            return;
        };
        let shown = terminal.shows("[y/N] ");
        assert!(shown.contains("This will lock the user ada@example.com and revoke no session."), "{shown}");
        terminal.types(answer);
        let ran = terminal.ended().expect(code);
        assert_eq!(ran.stdout.contains("not confirmed, nothing was changed"), code == 1, "{ran:?}");
        let user = installation.run(&["user", "show", "ada@example.com"]).expect(0).json();
        assert_eq!(user["status"], status);
    }
}
