use std::sync::Arc;
use std::time::Duration;

use crate::domain::{Email, MailRequest, MailRequestKind};
use crate::ports::{Clock, Ids, MailTokens, Store};
use crate::usecases::failure::Failure;

/// Records requests for mails to email addresses without looking for an account.
///
/// Every address costs the same one statement. A worker looks for the account after a random pause, so neither the request
/// nor those right after it show whether there is one.
#[derive(Clone)]
pub struct MailRequestRecorder {
    /// Keeps the request.
    pub store: Arc<dyn Store>,
    /// Makes the digest.
    pub mail_tokens: Arc<dyn MailTokens>,
    /// Tells when.
    pub clock: Arc<dyn Clock>,
    /// Makes the pause random.
    pub ids: Arc<dyn Ids>,
    /// The longest pause before a request is answered.
    pub longest_pause: Duration,
}

impl MailRequestRecorder {
    /// Records a request, unless the same was made a short time ago.
    pub(in crate::usecases) async fn record(
        &self,
        kind: MailRequestKind,
        email: &Email,
    ) -> Result<(), Failure> {
        let now = self.clock.now();
        let request = MailRequest {
            digest: self.mail_tokens.request_digest(email, kind),
            kind,
            email: email.clone(),
            requested_at: now,
            due_at: now.plus(self.pause()),
        };
        Ok(self.store.mail_requests().record(&request).await?)
    }

    /// A random part of the longest pause.
    fn pause(&self) -> Duration {
        let salt = self.ids.salt().0;
        let part = u32::from_be_bytes([salt[0], salt[1], salt[2], salt[3]]);
        self.longest_pause.mul_f64(f64::from(part) / f64::from(u32::MAX))
    }
}
