//! The token of a mail, without the mail: made from the event, as the mail handler does.

use std::time::Duration;

use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use svc::domain::{ClaimedMailRequest, ClaimedRegistration, MailPurpose};
use svc::ports::Clock;
use svc::ports::events::Lease;
use uuid::Uuid;

use super::app::{Login, PASSWORD};
use super::client::Answer;
use super::{App, Backend, given};

impl App {
    /// Returns the token in the newest mail of this purpose to a user.
    pub async fn mailed(&self, user: &Value, purpose: MailPurpose) -> String {
        self.answer_mail_requests().await;
        let types: &[&str] = match purpose {
            MailPurpose::VerifyEmail => &["svc.user.registered.v1", "svc.user.verification_requested.v1"],
            MailPurpose::ResetPassword => &["svc.user.password_reset_requested.v1"],
            MailPurpose::ChangeEmail => &["svc.user.email_change_requested.v1"],
            MailPurpose::AcceptInvitation => &["svc.user.invited.v1"],
        };
        let id = match self.database.backend() {
            Backend::Sqlite => "lower(hex(id))",
            Backend::Postgres => "CAST(id AS text)",
        };
        let lines = self.outbox_of(user["id"].as_str().unwrap(), &format!("type || ' ' || {id}")).await;
        let mut asked = lines.iter().filter_map(|line| line.split_once(' '));
        let (_, event) = asked.rfind(|(kind, _)| types.contains(kind)).unwrap();
        self.token_of(event.parse().unwrap(), purpose)
    }

    /// Returns the token for an event.
    pub fn token_of(&self, event: Uuid, purpose: MailPurpose) -> String {
        self.container.mail_tokens().mint(event, purpose)[0].token.expose_secret().to_owned()
    }

    /// Tries to verify an address, or to confirm a new one, with the password of every test's user.
    pub async fn verify(&self, token: &str) -> Answer {
        self.verify_with(token, PASSWORD).await
    }

    /// Tries to verify an address with this password.
    pub async fn verify_with(&self, token: &str, password: &str) -> Answer {
        let body = json!({ "token": token, "password": password });
        self.client.post("/api/v1/auth/email/verify", &body).await
    }

    /// Tries to verify an address with a session instead of a password.
    pub async fn verify_as(&self, token: &str, login: &Login) -> Answer {
        let body = json!({ "token": token });
        self.client.send(Method::POST, "/api/v1/auth/email/verify", Some(&login.access), Some(&body)).await
    }

    /// Disowns an account.
    pub async fn disown(&self, token: &str) -> Answer {
        self.client.post("/api/v1/auth/email/disown", &json!({ "token": token })).await
    }

    /// Requests another mail to verify an address, and has the request answered.
    pub async fn resend(&self, email: &str) -> Answer {
        let answer = self.client.post("/api/v1/auth/email/verify/resend", &json!({ "email": email })).await;
        self.answer_mail_requests().await;
        answer
    }

    /// Requests a mail to reset the password, and has the request answered.
    pub async fn forgot(&self, email: &str) -> Answer {
        let answer = self.ask_to_reset(email).await;
        self.answer_mail_requests().await;
        answer
    }

    /// Requests a mail to reset the password.
    pub async fn ask_to_reset(&self, email: &str) -> Answer {
        self.client.post("/api/v1/auth/password/forgot", &json!({ "email": email })).await
    }

    /// Answers the requests for mails that are due, as a worker does.
    pub async fn answer_mail_requests(&self) {
        for request in self.claim_mail_requests().await {
            self.container.use_cases.mail.answer_request.run(&request).await.unwrap();
        }
    }

    /// Claims the requests for mails that are due for half a minute.
    pub async fn claim_mail_requests(&self) -> Vec<ClaimedMailRequest> {
        let now = self.clock.now();
        let lease = Lease { claim: given::id(), now, until: now.plus(Duration::from_secs(30)) };
        self.container.store().mail_requests().claim_due(&lease, 100).await.unwrap()
    }

    /// Answers the requests to register that are due, as a worker does.
    pub async fn answer_registrations(&self) {
        for claimed in self.claim_registrations().await {
            self.container.use_cases.auth.answer_registration.run(&claimed).await.unwrap();
        }
    }

    /// Claims the requests to register that are due for half a minute.
    pub async fn claim_registrations(&self) -> Vec<ClaimedRegistration> {
        let now = self.clock.now();
        let lease = Lease { claim: given::id(), now, until: now.plus(Duration::from_secs(30)) };
        self.container.store().registration_requests().claim_due(&lease, 100).await.unwrap()
    }

    /// Requests a mail to reset the password, and returns its token.
    pub async fn forgotten(&self, user: &Value) -> String {
        self.forgot(user["email"].as_str().unwrap()).await.expect(202);
        self.mailed(user, MailPurpose::ResetPassword).await
    }

    /// Tries to set a new password.
    pub async fn reset(&self, token: &str, new_password: &str) -> Answer {
        let body = json!({ "token": token, "new_password": new_password });
        self.client.post("/api/v1/auth/password/reset", &body).await
    }

    /// Requests a change of the email address.
    pub async fn change_email(&self, login: &Login, new_email: &str) -> Answer {
        let body = json!({ "new_email": new_email, "password": PASSWORD });
        self.client.send(Method::POST, "/api/v1/users/me/email", Some(&login.access), Some(&body)).await
    }
}

impl Answer {
    /// Panics unless the token from a mail was refused.
    #[track_caller]
    pub fn expect_dead_token(&self) {
        assert_eq!(self.status, 422, "the token was accepted");
        assert_eq!(self.rejection(), (422, "validation_failed".to_owned()));
        assert_eq!(self.wrong_values(), ["/token invalid_token"]);
    }
}
