use reqwest::Method;
use serde_json::{Value, json};
use svc::domain::UserRef;
use svc::usecases::{Credential, NewUser};

use crate::support::app::PASSWORD;
use crate::support::client::Answer;
use crate::support::process::Installation;
use crate::support::{App, Backend, both_backends, given};

async fn start(backend: Backend, mode: &str) -> App {
    App::start_with(backend, &[&format!("registration.mode={mode}")], |builder| builder).await
}

async fn register(app: &App, email: &Value) -> Answer {
    app.client.post("/api/v1/auth/register", &json!({ "email": email, "password": PASSWORD })).await
}

async fn create(app: &App, access: &str, more: Value) -> Answer {
    let mut body = json!({ "email": App::address() });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.client.send(Method::POST, "/api/v1/users", Some(access), Some(&body)).await
}

/// Everything of an answer but the id of the request.
fn shown(answer: &Answer) -> (u16, Value, Vec<String>) {
    let mut body = answer.json();
    body["request_id"] = Value::Null;
    (answer.status, body, answer.headers.keys().map(ToString::to_string).collect())
}

both_backends! {
    async fn a_closed_registration_answers_the_same_for_every_address(backend: Backend) {
        for mode in ["invite", "closed"] {
            let app = start(backend, mode).await;
            let admin = app.new_admin().await;
            let taken = app.client.get("/api/v1/users/me", Some(&admin.access)).await.expect(200);
            let answers = [register(&app, &taken["email"]).await, register(&app, &json!(App::address())).await];
            for answer in &answers {
                assert_eq!(answer.rejection(), (403, "registration_closed".to_owned()), "{mode}");
            }
            assert_eq!(shown(&answers[0]), shown(&answers[1]), "{mode}");
            // The address would be refused as a password too.
            let weak = json!({ "email": taken["email"], "password": taken["email"] });
            let answer = app.client.post("/api/v1/auth/register", &weak).await;
            assert_eq!(shown(&answer), shown(&answers[0]), "{mode}");
            let users = app.client.get("/api/v1/users", Some(&admin.access)).await.expect(200);
            assert_eq!(users["items"].as_array().unwrap().len(), 1, "{mode}");
            app.stop().await;
        }
    }

    async fn administrators_create_users_unless_it_is_closed(backend: Backend) {
        for (mode, created) in [("open", true), ("invite", true), ("closed", false)] {
            let app = start(backend, mode).await;
            let admin = app.new_admin().await;
            for more in [json!({ "invite": true }), json!({ "password": PASSWORD })] {
                let answer = create(&app, &admin.access, more).await;
                if created {
                    answer.expect(201);
                } else {
                    assert_eq!(answer.rejection(), (403, "registration_closed".to_owned()), "{mode}");
                }
            }
            app.stop().await;
        }
    }

    async fn administrators_send_invitations_again_unless_it_is_closed(backend: Backend) {
        for (mode, sent) in [("open", true), ("invite", true), ("closed", false)] {
            let app = start(backend, mode).await;
            let admin = app.new_admin().await;
            let new = NewUser::new(given::email(&App::address()));
            let user = app.container.use_cases.users.create.run(new, Credential::Invitation, given::operator()).await.unwrap();
            let before = app.database.texts("SELECT CAST(count(*) AS text) FROM outbox").await;
            let path = format!("/api/v1/invitations/{}/resend", user.id);
            let answer = app.client.send(Method::POST, &path, Some(&admin.access), None).await;
            if sent {
                answer.expect(200);
            } else {
                assert_eq!(answer.rejection(), (403, "registration_closed".to_owned()), "{mode}");
                assert_eq!(app.database.texts("SELECT CAST(count(*) AS text) FROM outbox").await, before);
                // The answer is the same where there is no such invitation.
                let unknown = "/api/v1/invitations/019b7c2a-5b2c-7d4e-8f60-718293a4b5c6/resend";
                let other = app.client.send(Method::POST, unknown, Some(&admin.access), None).await;
                assert_eq!(shown(&other), shown(&answer));
            }
            let invited = UserRef::Id(user.id);
            app.container.use_cases.invitations.resend.run(&invited, given::operator()).await.unwrap();
            app.stop().await;
        }
    }

    async fn operators_create_users_in_every_mode(backend: Backend) {
        for mode in ["open", "invite", "closed"] {
            let installation = Installation::migrated(backend).await.set("SVC_REGISTRATION__MODE", mode);
            let arguments = ["create-user", "--email", "ada@example.com", "--password-stdin"];
            installation.run_with_input(&arguments, PASSWORD).expect(0);
            installation.run(&["user", "invite", "eva@example.com"]).expect(0);
        }
    }
}
