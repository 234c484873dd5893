use std::sync::Arc;

use uuid::Uuid;

use crate::domain::{Email, MailPurpose, MailToken, MailTokenLifetimes, Timestamp, UserId};
use crate::ports::MailTokens;

/// Issues mailed tokens.
#[derive(Clone)]
pub struct MailTokenIssuer {
    pub(in crate::usecases) tokens: Arc<dyn MailTokens>,
    /// The lifetimes of mailed tokens.
    pub(in crate::usecases) lifetimes: MailTokenLifetimes,
}

impl MailTokenIssuer {
    /// The record of the token in the mail that an event requests. Store it in the unit of work that appends
    /// the event: once the mail can be written, its token has to be valid.
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
