use std::net::IpAddr;

use crate::domain::{Email, MailRequestKind};
use crate::ports::Door;
use crate::usecases::failure::Failure;
use crate::usecases::mail::record_request::MailRequestRecorder;
use crate::usecases::rules::guard::Guard;

/// Asks for a mail to set a new password with.
pub struct ForgotPassword {
    /// Records the request.
    pub mail_requests: MailRequestRecorder,
    /// Limits requests.
    pub guard: Guard,
}

impl ForgotPassword {
    /// Has a mail sent to the account with this address, once a minute at most. The request does not know whether there is
    /// an account.
    pub async fn run(&self, client: Option<IpAddr>, email: &Email) -> Result<(), Failure> {
        self.guard.ask_for_mail(Door::ForgotPassword, client, email).await?;
        self.mail_requests.record(MailRequestKind::ResetPassword, email).await
    }
}
