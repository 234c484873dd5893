use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::failure::Failure;
use super::mail_token_issuer::MailTokenIssuer;
use crate::domain::{Actor, Email, Event, EventKind, MailPurpose, Timestamp, User, UserId};
use crate::ports::{Clock, Ids, Store};

/// As often as this a mail of one kind goes to one address: else anybody could fill a stranger's mailbox.
pub(super) const PAUSE: Duration = Duration::from_mins(1);

/// Nobody's id.
const NOBODY: UserId = UserId(Uuid::nil());

/// A mail that anybody may ask for, by an address alone.
pub(super) struct MailRequest<'a> {
    pub store: &'a Arc<dyn Store>,
    pub mail: &'a MailTokenIssuer,
    pub clock: &'a Arc<dyn Clock>,
    pub ids: &'a Arc<dyn Ids>,
    pub purpose: MailPurpose,
    /// Who gets it.
    pub is_for: fn(&User) -> bool,
    /// The event that asks for it.
    pub kind: fn(User, Timestamp) -> EventKind,
}

impl MailRequest<'_> {
    /// Asks for the mail, unless somebody just did or there is nobody to get it. That is not told, by words or by time:
    /// whoever it is, the same number of statements is run and one commit is waited for.
    pub async fn run(&self, email: &Email) -> Result<(), Failure> {
        let found = self.store.users().find_account_by_email(email).await?;
        let id = found.map_or(NOBODY, |account| account.user.id);
        let now = self.clock.now();

        let mut work = self.store.begin().await?;
        let address = self.mail.tokens.address_digest(email, self.purpose, None);
        if !work.mail_throttle().pass(address, now, now.minus(PAUSE)).await? {
            return Ok(());
        }
        let user = work.users().lock(id).await?.map(|account| account.user);
        // The address may have become another user's, or have been verified, since it was looked for.
        let user = user.filter(|user| user.email.key() == email.key() && (self.is_for)(user));
        if let Some(user) = user {
            let event_id = self.ids.uuid();
            let token = self.mail.issue(event_id, self.purpose, id, &user.email, now);
            work.mail_tokens().put(&token).await?;
            let kind = (self.kind)(user, token.expires_at);
            work.outbox().append(&Event::new(event_id, id, Actor::Service, now, kind)).await?;
        } else {
            // As many statements as above, with nothing to do.
            work.mail_tokens().remove_all_of(NOBODY, None).await?;
            work.mail_tokens().remove_all_of(NOBODY, None).await?;
        }
        Ok(work.commit().await?)
    }
}
