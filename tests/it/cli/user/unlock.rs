use serde_json::json;

use super::{create, log_in, me, operator_events, try_log_in};
use crate::support::app::PASSWORD;
use crate::support::process::{Installation, until};
use crate::support::{Backend, both_backends};

both_backends! {
    async fn an_unlocked_user_logs_in_again_with_new_sessions_only(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let serving = installation.serve();
        serving.ready().await;
        create(&installation, "ada@example.com", &[]);
        let login = log_in(&serving, "ada@example.com").await;
        installation.run(&["user", "lock", "ada@example.com", "--yes"]).expect(0);
        try_log_in(&serving, "ada@example.com", PASSWORD).await.expect(403);
        let unlocked = installation.run(&["user", "unlock", "ada@example.com"]).expect(0).json();
        assert_eq!(unlocked["status"], json!("active"));
        let again = installation.run(&["user", "unlock", "ada@example.com"]).expect(0).json();
        assert_eq!(again["updated_at"], unlocked["updated_at"]);
        until(async || try_log_in(&serving, "ada@example.com", PASSWORD).await.status == 200).await;
        assert_eq!(me(&serving, &login).await, 401, "the revoked session stays revoked");
        let events = operator_events(&installation).await;
        assert_eq!(events.iter().filter(|event| event.starts_with("svc.user.unlocked.v1 by ")).count(), 1);
        serving.terminate();
        serving.ended().expect(0);
    }
}
