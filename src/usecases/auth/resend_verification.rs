use std::net::IpAddr;

use crate::domain::{Email, MailRequestKind};
use crate::ports::Door;
use crate::usecases::failure::Failure;
use crate::usecases::mail::record_request::MailRequestRecorder;
use crate::usecases::rules::guard::Guard;

/// Asks for another mail to verify an address.
pub struct ResendVerification {
    /// Records the request.
    pub mail_requests: MailRequestRecorder,
    /// Limits requests.
    pub guard: Guard,
}

impl ResendVerification {
    /// Has a mail sent to the account with this address if the address is not verified, once a minute at most. The request
    /// does not know whether there is an account.
    pub async fn run(&self, client: Option<IpAddr>, email: &Email) -> Result<(), Failure> {
        self.guard.ask_for_mail(Door::ResendVerification, client, email).await?;
        if !self.guard.may_mail(Door::ResendVerification, client, email).await {
            return Ok(());
        }
        self.mail_requests.record(MailRequestKind::VerifyEmail, email).await
    }
}
