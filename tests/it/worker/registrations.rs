//! Requests to register, which a worker answers after the request has ended.

use serde_json::json;

use super::until;
use crate::support::app::PASSWORD;
use crate::support::mailbox::mails_in;
use crate::support::process::{Installation, within};
use crate::support::{Backend, both_backends};

both_backends! {
    async fn a_worker_that_is_killed_loses_no_registration(backend: Backend) {
        let installation = Installation::migrated(backend).await.set("SVC_REGISTRATION__REVEAL_EXISTING", "false");
        let serving = installation.serve_with(&["--no-worker"]);
        serving.ready().await;
        let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
        serving.client.post("/api/v1/auth/register", &ada).await.expect(202);
        let users = "SELECT email FROM users";
        let pending = "SELECT email FROM registration_requests WHERE due_at IS NOT NULL AND claim IS NOT NULL";
        let expire = "UPDATE registration_requests SET due_at = '2026-01-01T00:00:00.000000Z' \
             WHERE due_at IS NOT NULL RETURNING email";
        for (place, created) in [("registrations.claimed", false), ("registration.answered", true)] {
            let deadly = [("SVC_TEST_FAIL_POINT", place)];
            let mut worker = installation.start_quietly(&["consume"], &deadly);
            let worker_died = tokio::task::spawn_blocking(move || !worker.wait().unwrap().success());
            assert!(within(worker_died).await.unwrap());
            assert_eq!(installation.texts(users).await.len(), usize::from(created), "{place}");
            assert_eq!(installation.texts(pending).await.len(), usize::from(!created), "{place}");
            installation.texts(expire).await;
        }

        // The owner gets a notice, and there is still one account.
        serving.client.post("/api/v1/auth/register", &ada).await.expect(202);
        let mut worker = installation.start_quietly(&["consume"], &[]);
        let folder = installation.path("data/mail");
        let of = |kind: &str| mails_in(&folder).iter().filter(|mail| mail.message_id.contains(kind)).count();
        until(async || of(".registration_repeated@") == 1 && of(".verify_email@") == 1).await;
        worker.kill().unwrap();
        worker.wait().unwrap();
        assert_eq!(installation.texts(users).await, ["ada@example.com"]);
        let left = "SELECT digest FROM registration_requests WHERE password_hash IS NOT NULL";
        assert!(installation.texts(left).await.is_empty());
    }
}
