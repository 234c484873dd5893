use serde_json::json;

use super::{create, log_in, operator_events};
use crate::support::process::{Installation, until};
use crate::support::{Backend, both_backends};

both_backends! {
    async fn a_role_takes_effect_in_the_running_service(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let serving = installation.serve();
        serving.ready().await;
        create(&installation, "ada@example.com", &[]);
        let login = log_in(&serving, "ada@example.com").await;
        let list = async || serving.client.get("/api/v1/users", Some(&login.access)).await.status;
        assert_eq!(list().await, 403);
        let admin = installation.run(&["user", "set-role", "ada@example.com", "admin"]).expect(0).json();
        assert_eq!(admin["role"], json!("admin"));
        until(async || list().await == 200).await;

        let demotion = installation.run(&["user", "set-role", "ada@example.com", "user"]);
        demotion.refused(1, &["the last active administrator"]);
        create(&installation, "bea@example.com", &["--role", "admin"]);
        installation.run(&["user", "set-role", "ada@example.com", "user"]).expect(0);
        until(async || list().await == 403).await;
        let roles = operator_events(&installation).await;
        assert_eq!(roles.iter().filter(|event| event.starts_with("svc.user.role_changed.v1")).count(), 2);
        installation.run(&["user", "set-role", "ada@example.com", "root"]).refused(2, &["root", "user, admin"]);
        serving.terminate();
        serving.ended().expect(0);
    }
}
