//! A changing command that is killed leaves its change as a whole, with its event, or nothing of it.

use crate::cli::user::create;
use crate::support::app::PASSWORD;
use crate::support::process::{Installation, Ran};
use crate::support::{Backend, both_backends};

/// The commands, each with the part of the state that tells that its change is there, and its event.
const COMMANDS: [(&[&str], &str); 9] = [
    (&["user", "create", "--email", "new@example.com", "--password-stdin"], "svc.user.registered.v1"),
    (&["user", "rename", "ada@example.com", "Ada"], "svc.user.updated.v1"),
    (&["user", "verify-email", "ada@example.com"], "svc.user.email_verified.v1"),
    (&["user", "set-role", "ada@example.com", "admin"], "svc.user.role_changed.v1"),
    (&["session", "revoke", "--user", "ada@example.com", "--yes"], "svc.session.revoked.v1"),
    (
        &["user", "set-password", "ada@example.com", "--password-stdin", "--yes"],
        "svc.user.password_changed.v1",
    ),
    (&["user", "lock", "ada@example.com", "--yes"], "svc.user.locked.v1"),
    (&["user", "unlock", "ada@example.com"], "svc.user.unlocked.v1"),
    (&["user", "delete", "ada@example.com", "--yes"], "svc.user.deleted.v1"),
];

/// All that a command can change. Ids and times are left out.
async fn state(installation: &Installation) -> Vec<String> {
    let mut state = Vec::new();
    for sql in [
        "SELECT email || ' ' || role || ' ' || status || ' ' || CAST(version AS text) || ' ' || coalesce(name, '-') \
         || ' ' || CAST(email_verified AS text) || ' ' || password_hash FROM users ORDER BY email",
        "SELECT coalesce(revoked_reason, 'live') FROM sessions ORDER BY id",
        "SELECT purpose FROM mail_tokens ORDER BY user_id, purpose",
        "SELECT type FROM outbox ORDER BY seq",
    ] {
        state.extend(installation.texts(sql).await);
    }
    state
}

fn run(installation: &Installation, arguments: &[&str], fail_point: &str) -> Ran {
    let set = [arguments, &["--set", "log.format=json"]].concat();
    installation.run_with(&set, PASSWORD, &[("SVC_TEST_FAIL_POINT", fail_point)])
}

both_backends! {
    async fn at_every_statement_nothing_and_after_the_commit_everything(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        create(&installation, "ada@example.com", &[]);
        // So that another administrator may be locked and deleted.
        create(&installation, "root@example.com", &["--role", "admin"]);
        for _ in 0..2 {
            installation.run(&["issue-token", "--user", "ada@example.com"]).expect(0);
        }
        for (arguments, event) in COMMANDS {
            let before = state(&installation).await;
            let mut place = 1;
            // The last place is the commit.
            loop {
                let ran = run(&installation, arguments, &format!("work.statement:{place}"));
                if ran.code.is_some() {
                    ran.expect(0);
                    break;
                }
                assert_eq!(state(&installation).await, before, "{arguments:?}, before statement {place}");
                place += 1;
            }
            assert!(place > 3, "{arguments:?} has only {place} statements");
            let after = state(&installation).await;
            assert!(after.contains(&event.to_owned()) && after != before, "{arguments:?}: {after:?}");
        }
        // Killed after the commit, before anything is printed.
        let email = "later@example.com";
        let arguments = ["user", "create", "--email", email, "--password-stdin"];
        let ran = run(&installation, &arguments, "work.committed");
        assert_eq!((ran.code, ran.stdout.as_str()), (None, ""), "{ran:?}");
        let created = installation.run(&["user", "show", email]).expect(0).json();
        let events = installation.run(&["event", "list", "--user", email]).expect(0).json();
        assert_eq!((&created["email"], &events[0]["type"]), (&email.into(), &"svc.user.registered.v1".into()));
    }

    async fn sessions_of_several_users_are_revoked_together(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let mut arguments = vec!["session".to_owned(), "revoke".to_owned(), "--yes".to_owned()];
        for email in ["ada@example.com", "bea@example.com"] {
            create(&installation, email, &[]);
            let issued = installation.run(&["issue-token", "--user", email]).expect(0).json();
            arguments.push(issued["session_id"].as_str().unwrap().to_owned());
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let before = state(&installation).await;
        let mut places = 0;
        while run(&installation, &arguments, &format!("work.statement:{}", places + 1)).code.is_none() {
            places += 1;
            assert_eq!(state(&installation).await, before, "before statement {places}");
        }
        assert!(places >= 6, "only {places} statements");
        let after = state(&installation).await;
        assert_eq!(after.iter().filter(|line| *line == "ended_by_admin").count(), 2, "{after:?}");
    }
}
