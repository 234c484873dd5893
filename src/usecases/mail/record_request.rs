use std::sync::Arc;
use std::time::Duration;

use crate::domain::{Email, MailRequest, MailRequestKind};
use crate::ports::{Clock, Ids, MailTokens, Store};
use crate::usecases::failure::Failure;

/// Records requests for mails to email addresses without looking up an account.
///
/// Every email address costs the same single statement. A worker looks up the account after a random pause,
/// so neither this request nor the ones after it reveal whether there is an account.
#[derive(Clone)]
pub struct MailRequestRecorder {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) mail_tokens: Arc<dyn MailTokens>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
    pub(in crate::usecases) ids: Arc<dyn Ids>,
    /// The longest pause before a request is processed.
    pub(in crate::usecases) longest_pause: Duration,
}

impl MailRequestRecorder {
    /// Records a request, unless the same one was made shortly before.
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

    /// A random share of the longest pause.
    fn pause(&self) -> Duration {
        let salt = self.ids.salt().0;
        let part = u32::from_be_bytes([salt[0], salt[1], salt[2], salt[3]]);
        self.longest_pause.mul_f64(f64::from(part) / f64::from(u32::MAX))
    }
}
