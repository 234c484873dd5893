use std::sync::Arc;
use std::time::Duration;

use crate::domain::{Email, Event, EventKind, MailPurpose, Password};
use crate::ports::{Clock, Door, Ids, Store};
use crate::usecases::auth::authenticate::Principal;
use crate::usecases::failure::{Failure, fails};
use crate::usecases::mail::token_issuer::MailTokenIssuer;
use crate::usecases::rules::verify_password::VerifyPassword;

/// The shortest time between two mails of one change.
const PAUSE: Duration = Duration::from_mins(1);

/// Begins the change of an address, for somebody who knows the password. It takes effect when it is confirmed from the new
/// address.
pub struct ChangeEmail {
    /// Keeps the account.
    pub store: Arc<dyn Store>,
    /// Makes the token.
    pub mail: MailTokenIssuer,
    /// Verifies the password.
    pub verify_password: VerifyPassword,
    /// Tells when.
    pub clock: Arc<dyn Clock>,
    /// Names the event.
    pub ids: Arc<dyn Ids>,
}

/// Why no change was begun.
#[derive(Debug, thiserror::Error)]
pub enum ChangeEmailError {
    /// The password is another one.
    #[error("the password is wrong")]
    InvalidCredentials,
    /// It is the address that they have.
    #[error("this is the address of the account already")]
    Unchanged,
    /// The service could not.
    #[error(transparent)]
    Failed(Failure),
}
fails!(ChangeEmailError);

impl ChangeEmail {
    /// Has a mail sent to the new address, and a notice to the one so far. Whether somebody else has the new one is told only
    /// to who reads that mail. The same again within a minute sends no second one; another wish does, without a second
    /// notice.
    pub async fn run(
        &self,
        who: &Principal,
        new_email: Email,
        password: &Password,
    ) -> Result<(), ChangeEmailError> {
        let user = &who.user;
        let guard = &self.verify_password.guard;
        let verified = self.verify_password.of_user(Door::ChangeEmail, who.client, user, password).await?;
        let verified = verified.ok_or(ChangeEmailError::InvalidCredentials)?;

        if verified.account.user.email.as_str() == new_email.as_str() {
            return Err(ChangeEmailError::Unchanged);
        }
        // Wrong passwords and slips do not use it up: they are limited by themselves.
        guard.change_email(who.client, user.id).await?;
        if !guard.may_mail(Door::ChangeEmail, who.client, &new_email).await {
            return Ok(());
        }
        let mut work = self.store.begin().await?;
        let user = verified.lock(&mut *work).await?.ok_or(ChangeEmailError::InvalidCredentials)?.user;
        if user.email.as_str() == new_email.as_str() {
            return Err(ChangeEmailError::Unchanged);
        }
        let (id, now, purpose) = (user.id, self.clock.now(), MailPurpose::ChangeEmail);
        // Of this user and this address, so that nobody holds up another one who wants the same.
        let wish = self.mail.tokens.address_digest(&new_email, purpose, Some(id));
        if !work.mail_throttle().pass(wish, now, now.minus(PAUSE)).await? {
            return Ok(());
        }
        let so_far = self.mail.tokens.address_digest(&user.email, purpose, None);
        let notice = work.mail_throttle().pass(so_far, now, now.minus(PAUSE)).await?;
        let event_id = self.ids.uuid();
        let token = self.mail.issue(event_id, purpose, id, &new_email, now);
        work.mail_tokens().put(&token).await?;
        let expires_at = token.expires_at;
        let kind = EventKind::UserEmailChangeRequested { user, new_email, expires_at, notice };
        work.outbox().append(&Event::new(event_id, id, who.actor(), now, kind)).await?;
        work.commit().await?;
        guard.allowed(Door::ChangeEmail, who.client, id, Some(who.session_id));
        Ok(())
    }
}
