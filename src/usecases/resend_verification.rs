use std::net::IpAddr;
use std::sync::Arc;

use super::failure::Failure;
use super::guard::Guard;
use super::mail_request::MailRequest;
use super::mail_token_issuer::MailTokenIssuer;
use crate::domain::{Email, EventKind, MailPurpose};
use crate::ports::{Clock, Door, Ids, Store};

/// Asks for another mail to verify an address.
pub struct ResendVerification {
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

impl ResendVerification {
    /// Has a mail sent to whoever has this address and has not verified it, once a minute at most. Whether there is anybody
    /// is not told.
    pub async fn run(&self, client: Option<IpAddr>, email: &Email) -> Result<(), Failure> {
        let Self { store, mail, guard, clock, ids } = self;
        guard.ask_for_mail(Door::ResendVerification, client, email).await?;
        if !guard.may_mail(Door::ResendVerification, client, email).await {
            return Ok(());
        }
        MailRequest {
            store,
            mail,
            clock,
            ids,
            purpose: MailPurpose::VerifyEmail,
            is_for: |user| !user.email_verified,
            kind: |user, expires_at| EventKind::UserVerificationRequested { user, expires_at },
        }
        .run(email)
        .await
    }
}
