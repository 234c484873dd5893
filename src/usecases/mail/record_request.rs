use std::sync::Arc;

use crate::domain::{Email, Locale, MailRequest, MailRequestKind};
use crate::ports::{Clock, MailTokens, Store};
use crate::usecases::failure::Failure;
use crate::usecases::rules::random_pause::RandomPause;

/// Records requests for mails to email addresses without looking up an account.
///
/// Every email address costs the same single statement. A worker looks up the account after a random pause,
/// so neither this request nor the ones after it reveal whether there is an account.
#[derive(Clone)]
pub struct MailRequestRecorder {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) mail_tokens: Arc<dyn MailTokens>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
    pub(in crate::usecases) pause: RandomPause,
}

impl MailRequestRecorder {
    /// Records a request, unless the same one was made shortly before. The mail is in this language if the
    /// user has none.
    pub(in crate::usecases) async fn record(
        &self,
        kind: MailRequestKind,
        email: &Email,
        language: Option<Locale>,
    ) -> Result<(), Failure> {
        let now = self.clock.now();
        let request = MailRequest {
            digest: self.mail_tokens.request_digest(email, kind),
            kind,
            email: email.clone(),
            language,
            requested_at: now,
            due_at: now.plus(self.pause.draw()),
        };
        Ok(self.store.mail_requests().record(&request).await?)
    }
}
