use serde_json::{Value, json};

use super::{create, log_in, operator, text};
use crate::support::process::{Installation, until};
use crate::support::{Backend, both_backends};

both_backends! {
    async fn it_shows_everything_about_a_user(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let serving = installation.serve_with(&["--with-worker"]);
        serving.ready().await;
        let ada = create(&installation, "ada@example.com", &["--name", "Ada"]);
        let login = log_in(&serving, "ada@example.com").await;
        let show = |user: &str| installation.run(&["user", "show", user]).expect(0).json();
        // The audit entries come from the worker.
        until(async || show("ada@example.com")["audit"].as_array().unwrap().len() == 2).await;
        let shown = show("ADA@example.com");
        assert_eq!(show(text(&ada, "id")), shown);
        for (member, value) in ada.as_object().unwrap() {
            assert_eq!(shown[member], *value, "{member}");
        }
        assert_eq!((&shown["has_password"], &shown["ban"]), (&json!(true), &Value::Null));
        let sessions = shown["sessions"].as_array().unwrap();
        assert_eq!((sessions.len(), &sessions[0]["id"]), (1, &json!(login.session_id())));
        assert_eq!((&sessions[0]["address"], &sessions[0]["state"]), (&json!("127.0.0.1"), &json!("live")));
        let tokens = shown["mail_tokens"].as_array().unwrap();
        assert_eq!((tokens.len(), &tokens[0]["purpose"]), (1, &json!("verify_email")));
        let audit = shown["audit"].as_array().unwrap();
        assert_eq!(audit[0]["type"], "svc.session.started.v1");
        assert_eq!((&audit[1]["actor"], &audit[1]["data"]["operator"]), (&json!("operator"), &json!(operator())));

        installation.run(&["ban", "add", "--email", "ada@example.com", "--reason", "a test"]).expect(0);
        assert_eq!(show("ada@example.com")["ban"]["reason"], json!("a test"));
        let table = installation.run(&["user", "show", "ada@example.com", "-o", "table"]).expect(0).stdout;
        assert!(table.contains("\nban:\nid ") && table.contains("\nreason      a test\n"), "{table}");
        // The entries are rows or, if a type is too wide for a row, blocks.
        let lower = table.to_lowercase();
        for heading in ["\nsessions:\nid ", "\nmail tokens:\npurpose ", "\naudit:\ntime "] {
            assert!(lower.contains(heading), "{table}");
        }
        serving.terminate();
        serving.ended().expect(0);
    }
}
