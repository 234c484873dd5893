use serde_json::{Value, json};

use crate::cli::user::{create, log_in};
use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

fn list(installation: &Installation, arguments: &[&str]) -> Vec<Value> {
    installation.run(&[&["session", "list"], arguments].concat()).expect(0).json().as_array().unwrap().clone()
}

fn ids(sessions: &[Value]) -> Vec<&str> {
    sessions.iter().map(|session| session["id"].as_str().unwrap()).collect()
}

both_backends! {
    async fn sessions_are_listed_by_user_and_state(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let serving = installation.serve();
        serving.ready().await;
        create(&installation, "ada@example.com", &[]);
        create(&installation, "bea@example.com", &[]);
        let mut opened = Vec::new();
        for email in ["ada@example.com", "bea@example.com", "ada@example.com"] {
            opened.push(log_in(&serving, email).await.session_id());
        }
        let [first, second, third] = [0, 1, 2].map(|number: usize| opened[number].as_str());
        assert_eq!(ids(&list(&installation, &[])), [third, second, first]);
        assert_eq!(ids(&list(&installation, &["--user", "ada@example.com"])), [third, first]);
        assert_eq!(ids(&list(&installation, &["--limit", "1"])), [third]);
        assert_eq!(ids(&list(&installation, &["--after", third])), [second, first]);
        let all = installation.run(&["session", "list", "--all", "-o", "json"]).expect(0).stdout;
        assert_eq!(all.lines().count(), 3);

        installation.run(&["session", "revoke", third, "--yes"]).expect(0);
        assert_eq!(ids(&list(&installation, &["--user", "ada@example.com"])), [first]);
        let ended = list(&installation, &["--user", "ada@example.com", "--ended"]);
        assert_eq!(ids(&ended), [third, first]);
        assert_eq!((&ended[0]["state"], &ended[0]["revoked_reason"]), (&json!("revoked"), &json!("ended_by_admin")));
        assert_eq!((&ended[1]["state"], &ended[1]["email"]), (&json!("live"), &json!("ada@example.com")));
        let table = ["session", "list", "--ended", "-o", "table"];
        let table = installation.run_with(&table, "", &[("COLUMNS", "80")]).expect(0).stdout;
        assert!(table.starts_with("ID                                    STATE                  EMAIL\n"), "{table}");
        assert!(table.contains(&format!("{third}  ended_by_admin         ada@example.com\n")), "{table}");
        assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");

        installation.run(&["session", "list", "--user", "eva@example.com"]).refused(67, &["no user has the email"]);
        installation.run(&["session", "list", "--user", "eva"]).refused(65, &["for --user: expected an ID or an email"]);
        installation.run(&["session", "list", "--after", "eva"]).refused(65, &["expected the ID of a session"]);
        serving.terminate();
        serving.ended().expect(0);
    }
}
