use serde_json::json;

use crate::cli::user::{UNKNOWN, create, log_in, me, operator, operator_events};
use crate::support::app::Login;
use crate::support::process::{Installation, until};
use crate::support::{Backend, both_backends};

both_backends! {
    async fn a_running_service_refuses_revoked_sessions(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let serving = installation.serve();
        serving.ready().await;
        let mut logins = Vec::new();
        for email in ["ada@example.com", "bea@example.com"] {
            create(&installation, email, &[]);
            for _ in 0..3 {
                logins.push(log_in(&serving, email).await);
            }
        }
        let ids: Vec<String> = logins.iter().map(Login::session_id).collect();
        let by_id = [&["session", "revoke"], &[&ids[0], &ids[3], &ids[0]][..].iter().map(|id| id.as_str()).collect::<Vec<_>>()[..]].concat();
        let run = |more: &[&str]| installation.run(&[&by_id, more].concat());
        run(&[]).refused(2, &["this would revoke 2 sessions", "--yes"]);
        assert_eq!(run(&["--dry-run"]).expect(0).json(), json!({ "sessions_revoked": 2, "dry_run": true }));
        // One that does not exist: none is revoked.
        run(&["--yes", UNKNOWN]).refused(67, &["no session has the ID", UNKNOWN]);
        for login in &logins {
            assert_eq!(me(&serving, login).await, 200);
        }
        assert_eq!(run(&["--yes"]).expect(0).json(), json!({ "sessions_revoked": 2, "dry_run": false }));
        for number in [0, 3] {
            until(async || me(&serving, &logins[number]).await == 401).await;
        }
        assert_eq!(run(&["--yes"]).expect(0).json()["sessions_revoked"], json!(0));

        let of_bea = |more: &[&str]| installation.run(&[&["session", "revoke", "--user", "bea@example.com"], more].concat());
        of_bea(&[]).refused(2, &["revoke 2 sessions of bea@example.com", "--yes"]);
        assert_eq!(of_bea(&["--yes"]).expect(0).json()["sessions_revoked"], json!(2));
        for number in [4, 5] {
            until(async || me(&serving, &logins[number]).await == 401).await;
        }
        for number in [1, 2] {
            assert_eq!(me(&serving, &logins[number]).await, 200, "those of other users go on");
        }
        let revoked = format!("svc.session.revoked.v1 by {}", operator());
        let events = operator_events(&installation).await;
        assert_eq!(events.iter().filter(|event| **event == revoked).count(), 4, "{events:?}");

        let refused = |arguments: &[&str], code, texts: &[&str]| {
            installation.run(&[&["session", "revoke"], arguments].concat()).refused(code, texts);
        };
        refused(&[], 2, &["--user"]);
        refused(&[UNKNOWN, "--user", "ada@example.com"], 2, &["cannot be used with"]);
        refused(&["x", "--yes"], 65, &["expected the ID of a session"]);
        refused(&["--user", "eva@example.com", "--yes"], 67, &["no user has the email address"]);
        refused(&["--user", "x", "--yes"], 65, &["for --user"]);
        serving.terminate();
        serving.ended().expect(0);
    }
}
