use serde_json::json;

use super::{UNKNOWN, create, operator, operator_events};
use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

const ADA: &str = "ada@example.com";

both_backends! {
    async fn metadata_is_merged_from_a_file_or_standard_input(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        create(&installation, ADA, &[]);
        let set = |more: &[&str], input: &str| {
            installation.run_with_input(&[&["user", "set-metadata", ADA, "-"], more].concat(), input)
        };
        let changed = set(&["--app"], r#"{"plan":"pro","seats":5}"#).expect(0).json();
        assert_eq!((&changed["app_metadata"], &changed["metadata"]), (&json!({ "plan": "pro", "seats": 5 }), &json!({})));
        assert_eq!(set(&["--app"], "\u{FEFF}{\"seats\":null}\n").expect(0).json()["app_metadata"], json!({ "plan": "pro" }));
        std::fs::write(installation.path("theme.json"), r#"{"theme":"dark"}"#).unwrap();
        let from_file = installation.run(&["user", "set-metadata", ADA, "theme.json"]).expect(0).json();
        assert_eq!((&from_file["metadata"], &from_file["app_metadata"]), (&json!({ "theme": "dark" }), &json!({ "plan": "pro" })));
        assert_eq!(installation.run(&["user", "show", ADA]).expect(0).json()["app_metadata"], json!({ "plan": "pro" }));
        let event = format!("svc.user.updated.v1 by {}", operator());
        assert_eq!(operator_events(&installation).await[1..], [event.clone(), event.clone(), event]);
    }

    async fn wrong_metadata_is_refused_with_its_place(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        create(&installation, ADA, &[]);
        let set = |input: &str| installation.run_with_input(&["user", "set-metadata", ADA, "-"], input);
        set("").refused(65, &["standard input: not valid JSON at line 1"]);
        set("[]").refused(65, &["standard input: expected an object"]);
        set(r#"{"a":{"b":1,"b":2}}"#).refused(65, &["standard input: /a/b: this member is there twice"]);
        set(r#"{"a":[1e400]}"#).refused(65, &["standard input: /a/0: a number must be between"]);
        set(r#"{"a":1e300,"b":[1e300]}"#).refused(65, &["standard input: /a: a number must", "; /b/0: a number must"]);
        set(&json!({ "a": "x".repeat(9000) }).to_string()).refused(65, &["at most 8192 bytes"]);
        installation.run(&["user", "set-metadata", ADA, "none.json"]).refused(1, &["none.json"]);
        installation.run_with_input(&["user", "set-metadata", UNKNOWN, "-"], "{}").refused(67, &["no user has the ID"]);
        assert_eq!(installation.run(&["user", "show", ADA]).expect(0).json()["metadata"], json!({}));
    }
}
