use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;
use svc::domain::MailPurpose;

use crate::support::{App, Backend, both_backends};

const MINUTE: Duration = Duration::from_mins(1);
const REQUESTED: &str = "svc.user.verification_requested.v1";

async fn requests(app: &App, user: &Value) -> usize {
    app.events_of(user).await.iter().filter(|event| *event == REQUESTED).count()
}

both_backends! {
    async fn a_newer_token_voids_the_previous_one(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register(&App::address()).await;
        let email = user["email"].as_str().unwrap();
        let first = app.mailed(&user, MailPurpose::VerifyEmail).await;
        assert_eq!(app.resend(email).await.expect(202), Value::Null);
        let second = app.mailed(&user, MailPurpose::VerifyEmail).await;
        app.clock.advance(MINUTE);
        app.resend(&email.to_uppercase()).await.expect(202);
        let third = app.mailed(&user, MailPurpose::VerifyEmail).await;
        for old in [&first, &second] {
            app.verify(old).await.expect_dead_token();
        }
        app.verify(&third).await.expect(204);
        assert_eq!(app.history_of(&user).await[1..3], [REQUESTED, REQUESTED].map(|event| format!("{event} by service")));
        app.stop().await;
    }

    async fn a_mail_is_sent_at_most_once_per_minute(backend: Backend) {
        let app = App::start(backend).await;
        let replica = app.replica().await;
        let user = app.register(&App::address()).await;
        let email = user["email"].as_str().unwrap();
        let asked = (0..10).map(|number| if number % 2 == 0 { app.resend(email) } else { replica.resend(email) });
        for answer in join_all(asked).await {
            answer.expect(202);
        }
        app.answer_mail_requests().await;
        assert_eq!(requests(&app, &user).await, 1);
        app.clock.advance(MINUTE.saturating_sub(Duration::from_micros(1)));
        app.resend(email).await.expect(202);
        assert_eq!(requests(&app, &user).await, 1);
        app.clock.advance(Duration::from_micros(1));
        app.resend(email).await.expect(202);
        assert_eq!(requests(&app, &user).await, 2);
        replica.stop().await;
        app.stop().await;
    }

    async fn the_answer_reveals_neither_an_account_nor_its_verification(backend: Backend) {
        let app = App::start(backend).await;
        let (pending, verified) = (app.register(&App::address()).await, app.register(&App::address()).await);
        app.verify(&app.mailed(&verified, MailPurpose::VerifyEmail).await).await.expect(204);
        let unknown = App::address();
        for email in [pending["email"].as_str().unwrap(), verified["email"].as_str().unwrap(), &unknown] {
            for _ in 0..2 {
                let answer = app.resend(email).await;
                let names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
                assert_eq!((answer.status, answer.bytes.len()), (202, 0), "{email}");
                assert!(names.iter().all(|name| name != "retry-after" && name != "etag"), "{names:?}");
            }
        }
        assert_eq!((requests(&app, &pending).await, requests(&app, &verified).await), (1, 0));
        let answered = "SELECT CAST(count(*) AS text) FROM mail_requests WHERE due_at IS NULL AND email IS NULL";
        assert_eq!(app.database.texts(answered).await, ["3"], "each has a row, and none an address any more");
        app.stop().await;
    }
}
