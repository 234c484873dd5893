use std::net::IpAddr;
use std::sync::Arc;

use super::failure::Failure;
use super::guard::Guard;
use super::mail_request::MailRequest;
use super::mail_token_issuer::MailTokenIssuer;
use crate::domain::{Email, EventKind, MailPurpose};
use crate::ports::{Clock, Door, Ids, Store};

/// Asks for a mail to set a new password with.
pub struct RequestPasswordReset {
    /// Keeps the account.
    pub store: Arc<dyn Store>,
    /// Makes the token.
    pub mail: MailTokenIssuer,
    /// Limits requests.
    pub guard: Guard,
    /// Tells when.
    pub clock: Arc<dyn Clock>,
    /// Names the event.
    pub ids: Arc<dyn Ids>,
}

impl RequestPasswordReset {
    /// Has a mail sent to whoever has this address, once a minute at most. Whether there is anybody is not told.
    pub async fn run(&self, client: Option<IpAddr>, email: &Email) -> Result<(), Failure> {
        let Self { store, mail, guard, clock, ids } = self;
        guard.ask_for_mail(Door::ForgotPassword, client, email).await?;
        MailRequest {
            store,
            mail,
            clock,
            ids,
            purpose: MailPurpose::ResetPassword,
            is_for: |_| true,
            kind: |user, expires_at| EventKind::UserPasswordResetRequested { user, expires_at },
        }
        .run(email)
        .await
    }
}
