use std::net::IpAddr;

use crate::domain::{Email, Locale, MailRequestKind};
use crate::ports::Door;
use crate::usecases::failure::Failure;
use crate::usecases::mail::record_request::MailRequestRecorder;
use crate::usecases::rules::guard::Guard;

/// Requests another mail to verify an email address.
pub struct ResendVerification {
    pub(in crate::usecases) mail_requests: MailRequestRecorder,
    pub(in crate::usecases) guard: Guard,
}

impl ResendVerification {
    /// Requests a mail to the account with this email address if it is unverified, at most once a minute. The
    /// request does not look up the account.
    pub async fn run(
        &self,
        client: Option<IpAddr>,
        email: &Email,
        language: Option<Locale>,
    ) -> Result<(), Failure> {
        self.guard.ask_for_mail(Door::ResendVerification, client, email).await?;
        if !self.guard.may_mail(Door::ResendVerification, client, email).await {
            return Ok(());
        }
        self.mail_requests.record(MailRequestKind::VerifyEmail, email, language).await
    }
}
