use std::sync::Arc;

use uuid::Uuid;

use crate::domain::{Email, MailPurpose, MailToken, MailTokenLifetimes, Timestamp, UserId};
use crate::ports::{MailTokens, Store, StoreError};

/// Makes what is kept of a token that is sent by mail.
#[derive(Clone)]
pub struct MailTokenIssuer {
    /// Makes the token itself.
    pub tokens: Arc<dyn MailTokens>,
    /// How long tokens are good.
    pub lifetimes: MailTokenLifetimes,
}

impl MailTokenIssuer {
    /// Of the token in the mail that an event asks for. To be stored in the unit of work that the event is appended in: once
    /// the mail can be written, its token has to be good.
    pub(in crate::usecases) fn issue(
        &self,
        event_id: Uuid,
        purpose: MailPurpose,
        user_id: UserId,
        email: &Email,
        now: Timestamp,
    ) -> MailToken {
        MailToken {
            digest: self.tokens.digest_of(event_id, purpose),
            user_id,
            purpose,
            email: email.clone(),
            created_at: now,
            expires_at: now.plus(self.lifetimes.of(purpose)),
        }
    }
}

/// Finds the record of a token that a client presents, whichever secret key in use it was issued under.
pub(in crate::usecases) async fn find_mail_token(
    tokens: &dyn MailTokens,
    store: &dyn Store,
    presented: &str,
) -> Result<Option<MailToken>, StoreError> {
    for digest in tokens.digests(presented) {
        if let Some(token) = store.mail_tokens().find(digest).await? {
            return Ok(Some(token));
        }
    }
    Ok(None)
}
