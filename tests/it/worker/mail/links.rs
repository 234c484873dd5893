use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use svc::domain::Password;
use svc::usecases::{Credential, NewUser};

use super::{until_done, user};
use crate::support::app::{App, PASSWORD};
use crate::support::{Backend, both_backends, given};

both_backends! {
    async fn a_new_user_gets_one_link_that_verifies_their_address(backend: Backend) {
        let app = App::start(backend).await;
        app.container.start_worker(true);
        let ada = app.register("Ada@example.com").await;
        app.register("bea@example.com").await;
        until_done(&app).await;
        let mails = app.mailbox.to("Ada@example.com");
        assert_eq!((mails.len(), app.mailbox.mails().len()), (1, 2), "{mails:?}");
        assert_eq!(mails[0].from, "no-reply@svc.test");
        assert!(mails[0].text.contains("http://svc.test/account/verify-email?lang=en#token="), "{}", mails[0].text);
        assert!(mails[0].message_id.ends_with(".verify_email@svc.test>"), "{}", mails[0].message_id);
        let password = Password::new(PASSWORD);
        app.container.use_cases.auth.verify_email.run(None, &mails[0].token(), None, Some(&password)).await.unwrap();
        assert!(user(&app, ada["id"].as_str().unwrap()).await.email_verified);
        app.stop().await;
    }

    async fn a_user_gets_mails_in_their_language(backend: Backend) {
        let app = App::start_with(backend, &["service.name=Ada & Co."], |builder| builder).await;
        app.container.start_worker(true);
        let body = json!({ "email": "ada@example.com", "password": PASSWORD, "locale": "de-AT" });
        app.client.post("/api/v1/auth/register", &body).await.expect(201);
        until_done(&app).await;
        let mails = app.mailbox.to("ada@example.com");
        assert_eq!(mails[0].subject, "Bestätigen Sie Ihre E-Mail-Adresse bei Ada & Co.");
        assert_eq!(mails[0].from, "Ada & Co. <no-reply@svc.test>");
        assert!(mails[0].text.contains("/account/verify-email?lang=de#token="), "{}", mails[0].text);
        let login = app.log_in("ada@example.com").await;
        let body = json!({ "locale": "en" });
        let changed = app.client.send(Method::PATCH, "/api/v1/users/me", Some(&login.access), Some(&body)).await;
        assert_eq!(changed.expect(200)["locale"], "en");
        app.forgot("ada@example.com").await.expect(202);
        until_done(&app).await;
        let mails = app.mailbox.to("ada@example.com");
        assert!(mails.iter().any(|mail| mail.subject == "Set a new password at Ada & Co."), "{mails:?}");
        app.stop().await;
    }

    async fn a_user_without_a_language_gets_mails_in_that_of_the_request(backend: Backend) {
        let app = App::start_with(backend, &["service.name=Ada & Co."], |builder| builder).await;
        app.container.start_worker(true);
        app.register("ada@example.com").await;
        let login = app.log_in("ada@example.com").await;
        let ask = async |path: &str, token: Option<&str>, body: &Value| {
            let request = app.client.request(Method::POST, path).json(body).header("accept-language", "de-CH, en;q=0.5");
            let request = if let Some(token) = token { request.bearer_auth(token) } else { request };
            app.client.answer(request).await.expect(202);
            until_done(&app).await;
            app.mailbox.mails().into_iter().map(|mail| mail.subject).collect::<Vec<_>>()
        };
        app.clock.advance(Duration::from_mins(2));
        let email = json!({ "email": "ada@example.com" });
        let subjects = ask("/api/v1/auth/password/forgot", None, &email).await;
        assert!(subjects.iter().any(|subject| subject == "Neues Passwort bei Ada & Co. festlegen"), "{subjects:?}");
        let subjects = ask("/api/v1/auth/email/verify/resend", None, &email).await;
        let verify = "Bestätigen Sie Ihre E-Mail-Adresse bei Ada & Co.";
        assert!(subjects.iter().any(|subject| subject == verify), "{subjects:?}");
        let body = json!({ "new_email": "ada@example.org", "password": PASSWORD });
        let subjects = ask("/api/v1/users/me/email", Some(&login.access), &body).await;
        assert_eq!(app.mailbox.to("ada@example.org")[0].subject, "Bestätigen Sie Ihre neue E-Mail-Adresse bei Ada & Co.");
        let notice = "Ihre E-Mail-Adresse bei Ada & Co. soll geändert werden";
        assert!(subjects.iter().any(|subject| subject == notice), "{subjects:?}");

        // The language of the user comes first.
        let body = json!({ "locale": "en" });
        app.client.send(Method::PATCH, "/api/v1/users/me", Some(&login.access), Some(&body)).await.expect(200);
        app.clock.advance(Duration::from_mins(2));
        let subjects = ask("/api/v1/auth/password/forgot", None, &email).await;
        assert!(subjects.iter().any(|subject| subject == "Set a new password at Ada & Co."), "{subjects:?}");
        app.stop().await;
    }

    async fn a_link_has_the_path_of_the_public_url(backend: Backend) {
        let settings = ["server.public_url=https://svc.test/auth"];
        let app = App::start_with(backend, &settings, |builder| builder).await;
        app.container.start_worker(true);
        app.register("ada@example.com").await;
        until_done(&app).await;
        let mails = app.mailbox.to("ada@example.com");
        assert!(mails[0].text.contains("https://svc.test/auth/account/verify-email?lang=en#token="), "{}", mails[0].text);
        app.stop().await;
    }

    async fn no_useless_link_is_sent(backend: Backend) {
        let app = App::start(backend).await;
        let cases = &app.container.use_cases;
        let [verified, replaced, deleted, expired] =
            ["verified", "replaced", "deleted", "expired"].map(|name| format!("{name}@example.com"));
        app.register(&expired).await;
        app.clock.advance(Duration::from_hours(24 * 8));
        let (ada, _, gone) =
            (app.register(&verified).await, app.register(&replaced).await, app.register(&deleted).await);
        // Nothing is handled yet. These changes make some of the links pointless.
        let mut work = app.container.store().begin().await.unwrap();
        let mut seen = user(&app, ada["id"].as_str().unwrap()).await;
        seen.email_verified = true;
        work.users().update(&seen).await.unwrap();
        work.commit().await.unwrap();
        app.clock.advance(Duration::from_mins(2));
        cases.auth.resend_verification.run(None, &given::email(&replaced), None).await.unwrap();
        app.answer_mail_requests().await;
        let mut work = app.container.store().begin().await.unwrap();
        work.users().delete(user(&app, gone["id"].as_str().unwrap()).await.id).await.unwrap();
        work.commit().await.unwrap();
        app.container.start_worker(true);
        until_done(&app).await;
        let mails = app.mailbox.mails();
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert_eq!(mails[0].to, replaced);
        let password = Password::new(PASSWORD);
        cases.auth.verify_email.run(None, &mails[0].token(), None, Some(&password)).await.unwrap();
        app.stop().await;
    }

    async fn a_reset_and_an_invitation_do_not_wait_for_each_other_or_for_mails_requested_by_others(backend: Backend) {
        let app = App::start(backend).await;
        app.register("ada@example.com").await;
        let cases = &app.container.use_cases;
        let new = NewUser::new(given::email("eva@example.com"));
        cases.users.create.run(new, Credential::Invitation, given::operator()).await.unwrap();
        cases.auth.forgot_password.run(None, &given::email("ada@example.com"), None).await.unwrap();
        app.container.start_worker(true);
        until_done(&app).await;
        let handlers = "SELECT handler || ' ' || type FROM inbox JOIN outbox ON outbox.id = inbox.event_id \
             WHERE handler LIKE 'mail%' ORDER BY 1";
        let expected = [
            "mail svc.user.registered.v1",
            "mail svc.user.registered.v1",
            "mail_invitations svc.user.invited.v1",
            "mail_resets svc.user.password_reset_requested.v1",
        ];
        assert_eq!(app.database.texts(handlers).await, expected);
        app.stop().await;
    }

    async fn an_invitation_is_mailed_with_a_link_to_its_page(backend: Backend) {
        let app = App::start(backend).await;
        app.container.start_worker(true);
        let cases = &app.container.use_cases;
        let new = NewUser::new(given::email("ada@example.com"));
        cases.users.create.run(new, Credential::Invitation, given::operator()).await.unwrap();
        until_done(&app).await;
        let mails = app.mailbox.mails();
        assert_eq!(mails.len(), 1, "no mail to verify the address: {mails:?}");
        assert_eq!((&*mails[0].to, &*mails[0].subject), ("ada@example.com", "You are invited to svc.test"));
        assert!(mails[0].text.contains("http://svc.test/account/accept-invitation?lang=en#token=svcm_"));
        let password = given::new_password("another horse battery");
        cases.invitations.accept.run(None, &mails[0].token(), &password).await.unwrap();
        until_done(&app).await;
        assert_eq!(app.mailbox.mails().len(), 1, "the password is not a changed one");
        app.stop().await;
    }

    async fn a_link_sets_a_new_password_and_the_user_is_notified(backend: Backend) {
        let app = App::start(backend).await;
        app.container.start_worker(true);
        app.register("ada@example.com").await;
        until_done(&app).await;
        let cases = &app.container.use_cases;
        cases.auth.forgot_password.run(None, &given::email("unknown@example.com"), None).await.unwrap();
        cases.auth.forgot_password.run(None, &given::email("ada@example.com"), None).await.unwrap();
        until_done(&app).await;
        let mails = app.mailbox.mails();
        assert_eq!(mails.len(), 2, "{mails:?}");
        let reset = mails.iter().find(|mail| mail.text.contains("/account/reset-password?lang=en#")).unwrap();
        cases.auth.reset_password.run(None, &reset.token(), &given::new_password("another horse battery")).await.unwrap();
        until_done(&app).await;
        let mails = app.mailbox.to("ada@example.com");
        assert!(mails.iter().any(|mail| mail.subject == "Your password at svc.test was changed"), "{mails:?}");
        assert_eq!(mails.len(), 3);
        assert!(mails.iter().all(|mail| !mail.text.contains(PASSWORD)));
        app.stop().await;
    }
}
