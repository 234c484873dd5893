use std::net::IpAddr;

use crate::domain::{Email, Locale, MailRequestKind};
use crate::ports::Door;
use crate::usecases::failure::Failure;
use crate::usecases::mail::record_request::MailRequestRecorder;
use crate::usecases::rules::guard::Guard;

/// Requests a mail to set a new password.
pub struct ForgotPassword {
    pub(in crate::usecases) mail_requests: MailRequestRecorder,
    pub(in crate::usecases) guard: Guard,
}

impl ForgotPassword {
    /// Requests a mail to the account with this email address, at most once a minute. The request does not
    /// look up the account.
    pub async fn run(
        &self,
        client: Option<IpAddr>,
        email: &Email,
        language: Option<Locale>,
    ) -> Result<(), Failure> {
        self.guard.ask_for_mail(Door::ForgotPassword, client, email).await?;
        self.mail_requests.record(MailRequestKind::ResetPassword, email, language).await
    }
}
