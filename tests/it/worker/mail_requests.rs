//! Requests for mails, which a worker answers after the request has ended.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use super::until;
use crate::support::app::PASSWORD;
use crate::support::mailbox::mails_in;
use crate::support::process::{Installation, within};
use crate::support::{App, Backend, both_backends};

const REQUESTED: &str = "svc.user.password_reset_requested.v1";
/// Everything in a row except the digest and the address.
const ROWS: &str = "SELECT kind || ' ' || CAST(requested_at AS text) || ' ' || coalesce(CAST(due_at AS text), '') \
     || CASE WHEN email IS NULL THEN '' ELSE ' with an address' END FROM mail_requests ORDER BY 1";

async fn events(app: &App) -> usize {
    app.database.texts(&format!("SELECT type FROM outbox WHERE type = '{REQUESTED}'")).await.len()
}

both_backends! {
    async fn a_request_leaves_the_same_row_for_every_address_and_so_does_its_answer(backend: Backend) {
        let app = App::start(backend).await;
        let known = App::address();
        app.register(&known).await;
        for email in [&known, &App::address()] {
            app.ask_to_reset(email).await.expect(202);
        }
        let recorded = app.database.texts(ROWS).await;
        assert_eq!((recorded.len(), &recorded[0]), (2, &recorded[1]));
        assert!(recorded[0].ends_with(" with an address"), "{recorded:?}");
        assert_eq!(events(&app).await, 0, "the request does not know");
        app.answer_mail_requests().await;
        let answered = app.database.texts(ROWS).await;
        assert_eq!((answered.len(), &answered[0]), (2, &answered[1]));
        assert!(!answered[0].contains("address"), "{answered:?}");
        assert_eq!(events(&app).await, 1);
        app.stop().await;
    }

    async fn a_request_of_a_dead_worker_is_answered_once_by_another(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register(&App::address()).await;
        app.ask_to_reset(user["email"].as_str().unwrap()).await.expect(202);
        let of_the_dead = app.claim_mail_requests().await;
        assert_eq!(of_the_dead.len(), 1);
        app.answer_mail_requests().await;
        assert_eq!(events(&app).await, 0, "it is claimed");
        app.clock.advance(Duration::from_secs(30));
        let (one, two) = (app.claim_mail_requests().await, app.replica().await);
        assert!(two.claim_mail_requests().await.is_empty());
        let answer = &app.container.use_cases.mail.answer_request;
        answer.run(&of_the_dead[0]).await.unwrap();
        assert_eq!(events(&app).await, 0, "thawed too late");
        answer.run(&one[0]).await.unwrap();
        answer.run(&one[0]).await.unwrap();
        assert_eq!(events(&app).await, 1);
        two.stop().await;
        app.stop().await;
    }

    async fn many_workers_answer_each_request_once(backend: Backend) {
        let app = App::start(backend).await;
        let replica = app.replica().await;
        for worker in [&app, &replica] {
            worker.container.start_worker(true);
        }
        let emails: Vec<_> = (0..20).map(|_| App::address()).collect();
        for email in &emails {
            app.register(email).await;
        }
        join_all(emails.iter().map(|email| app.ask_to_reset(email))).await;
        let left = "SELECT kind FROM mail_requests WHERE due_at IS NOT NULL";
        until(async || app.database.texts(left).await.is_empty()).await;
        assert_eq!(events(&app).await, 20);
        replica.stop().await;
        app.stop().await;
    }

    async fn a_worker_that_is_killed_loses_no_request(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let serving = installation.serve_with(&["--no-worker"]);
        serving.ready().await;
        let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
        serving.client.post("/api/v1/auth/register", &ada).await.expect(201);
        serving.client.post("/api/v1/auth/password/forgot", &json!({ "email": "ada@example.com" })).await.expect(202);
        let deadly = [("SVC_TEST_FAIL_POINT", "mail_requests.claimed")];
        let mut worker = installation.start_quietly(&["consume"], &deadly);
        let worker_died = tokio::task::spawn_blocking(move || !worker.wait().unwrap().success());
        assert!(within(worker_died).await.unwrap());
        let pending = "SELECT kind FROM mail_requests WHERE due_at IS NOT NULL AND claim IS NOT NULL";
        assert_eq!(installation.texts(pending).await, ["reset_password"]);

        let expire = "UPDATE mail_requests SET due_at = '2026-01-01T00:00:00.000000Z' RETURNING kind";
        assert_eq!(installation.texts(expire).await.len(), 1);
        let mut worker = installation.start_quietly(&["consume"], &[]);
        let folder = installation.path("data/mail");
        let links = || mails_in(&folder).iter().filter(|mail| mail.text.contains("/reset-password?lang=en#")).count();
        until(async || links() == 1).await;
        worker.kill().unwrap();
        worker.wait().unwrap();
        assert_eq!(links(), 1);
    }
}
