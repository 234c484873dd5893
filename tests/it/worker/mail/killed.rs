use std::collections::BTreeSet;

use serde_json::json;

use crate::support::app::PASSWORD;
use crate::support::mailbox::mails_in;
use crate::support::process::{Installation, within};
use crate::support::{Backend, both_backends};
use crate::worker::until;

both_backends! {
    async fn a_mail_is_sent_again_as_the_same_one_after_a_kill_before_the_mark(backend: Backend) {
        let installation = Installation::migrated(backend).await.set("SVC_SERVER__PUBLIC_URL", "http://svc.test");
        let serving = installation.serve_with(&["--no-worker"]);
        serving.ready().await;
        let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
        serving.client.post("/api/v1/auth/register", &ada).await.expect(201);
        let deadly = [("SVC_TEST_FAIL_POINT", "handler.acted@svc.user.registered.v1")];
        let mut worker = installation.start_quietly(&["consume"], &deadly);
        let folder = installation.path("data/mail");
        let worker_died = tokio::task::spawn_blocking(move || !worker.wait().unwrap().success());
        assert!(within(worker_died).await.unwrap());
        assert_eq!(mails_in(&folder).len(), 1);

        installation.expire_leases(99).await;
        let mut worker = installation.start_quietly(&["consume"], &[]);
        let left = "SELECT handler FROM inbox WHERE state <> 'done'";
        until(async || installation.texts(left).await.is_empty()).await;
        worker.kill().unwrap();
        worker.wait().unwrap();
        let mails = mails_in(&folder);
        let ids: BTreeSet<&String> = mails.iter().map(|mail| &mail.message_id).collect();
        assert_eq!((mails.len(), ids.len()), (2, 1), "{mails:?}");
        assert_eq!(mails[0], mails[1], "the same link, too");
    }
}
