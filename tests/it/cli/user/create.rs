use serde_json::json;

use super::{create, operator, operator_events};
use crate::support::app::PASSWORD;
use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

both_backends! {
    async fn it_does_what_create_user_does(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let ada = create(&installation, "Ada@example.com", &["--name", "Ada", "--role", "admin", "--verified"]);
        let bea = ["create-user", "--email", "bea@example.com", "--password-stdin"];
        let bea = installation.run_with_input(&bea, PASSWORD).expect(0).json();
        let members = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(members(&ada), members(&bea));
        assert_eq!((&ada["role"], &ada["email_verified"], &ada["name"]), (&json!("admin"), &json!(true), &json!("Ada")));
        let event = format!("svc.user.registered.v1 by {}", operator());
        assert_eq!(operator_events(&installation).await, [event.clone(), event]);

        let again = ["user", "create", "--email", "ada@EXAMPLE.com", "--generate-password"];
        installation.run(&again).refused(73, &["another account has this email address"]);
        installation.run(&["user", "create", "--email", "x"]).refused(65, &["--email"]);
        installation.run(&["user", "create", "--email", "eva@example.com"]).refused(2, &["--password-stdin"]);
    }
}
