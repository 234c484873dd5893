use std::sync::Arc;
use std::time::Duration;

use crate::domain::{Account, Email, EventKind, Locale, MailPurpose, Password, RequestedEmailChange, User};
use crate::ports::{Door, Store};
use crate::usecases::auth::authenticate::Principal;
use crate::usecases::failure::{Failure, errors};
use crate::usecases::journal::Journal;
use crate::usecases::mail::token_issuer::MailTokenIssuer;
use crate::usecases::rules::verify_password::VerifyPassword;

/// The shortest time between two mails for the same change.
const PAUSE: Duration = Duration::from_mins(1);

/// Requests a change of the email address for a user who knows the password. It takes effect when it is
/// confirmed from the new email address.
pub struct ChangeEmail {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) mail: MailTokenIssuer,
    pub(in crate::usecases) verify_password: VerifyPassword,
    pub(in crate::usecases) journal: Journal,
}

errors! {
    /// Why no change was requested.
    pub enum ChangeEmailError {
        WrongPassword = "the password is wrong",
        Deleted = "the account was deleted",
        Unchanged = "this already is the email address of the account",
    }
}

impl ChangeEmail {
    /// Requests a mail to the new email address, and a notice to the current one. Only the reader of the mail
    /// learns whether another user has the new email address. The same request within a minute sends no
    /// second mail. A request for another email address does, but sends no second notice. The mails are in
    /// this language if the user has none.
    pub async fn run(
        &self,
        who: &Principal,
        new_email: Email,
        password: &Password,
        language: Option<Locale>,
    ) -> Result<(), ChangeEmailError> {
        let user = &who.user;
        let guard = &self.verify_password.guard;
        let verified = self.verify_password.of_user(Door::ChangeEmail, who.client, user, password).await?;
        let Some(verified) = verified else {
            return Err(self.unverified(user).await?);
        };

        if verified.account.user.email.as_str() == new_email.as_str() {
            return Err(ChangeEmailError::Unchanged);
        }
        // Drawn only now, so that wrong passwords and slips do not use it up. They have limits of their own.
        guard.change_email(who.client, user.id).await?;
        if !guard.may_mail(Door::ChangeEmail, who.client, &new_email).await {
            return Ok(());
        }
        let mut work = self.store.begin().await?;
        let Some(Account { user, .. }) = verified.lock(&mut *work).await? else {
            drop(work);
            return Err(self.unverified(user).await?);
        };
        if user.email.as_str() == new_email.as_str() {
            return Err(ChangeEmailError::Unchanged);
        }
        let (id, now, purpose) = (user.id, self.journal.now(), MailPurpose::ChangeEmail);
        // Per user and email address, so that a user cannot block another one who requests the same email
        // address.
        let wish = self.mail.tokens.address_digest(&new_email, purpose, Some(id));
        if !work.mail_throttle().pass(wish, now, now.minus(PAUSE)).await? {
            return Ok(());
        }
        let so_far = self.mail.tokens.address_digest(&user.email, purpose, None);
        let notice = work.mail_throttle().pass(so_far, now, now.minus(PAUSE)).await?;
        let event_id = self.journal.id();
        let token = self.mail.issue(event_id, purpose, id, &new_email, now);
        work.mail_tokens().put(&token).await?;
        let expires_at = token.expires_at;
        let kind = EventKind::UserEmailChangeRequested(RequestedEmailChange {
            user,
            new_email,
            expires_at,
            language,
            notice,
        });
        self.journal.append_as(&mut *work, event_id, id, who.actor(), now, kind).await?;
        work.commit().await?;
        guard.allowed(Door::ChangeEmail, who.client, id, Some(who.session_id));
        Ok(())
    }

    async fn unverified(&self, user: &User) -> Result<ChangeEmailError, Failure> {
        self.verify_password
            .unverified(user, ChangeEmailError::WrongPassword, ChangeEmailError::Deleted)
            .await
    }
}
