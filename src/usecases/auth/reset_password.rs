use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::{Account, Actor, EventKind, MailPurpose, NewPassword, RevocationReason, WeakPassword};
use crate::ports::{Door, MailTokens, Origin, PasswordHasher, Store};
use crate::usecases::failure::errors;
use crate::usecases::journal::Journal;
use crate::usecases::rules::find_mail_token::find_mail_token;
use crate::usecases::rules::guard::Guard;
use crate::usecases::rules::mailed_password::set_mailed_password;
use crate::usecases::rules::revocation::{Revoking, begin_without_sessions};

/// Sets a new password with a mailed token.
pub struct ResetPassword {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) mail_tokens: Arc<dyn MailTokens>,
    pub(in crate::usecases) guard: Guard,
    pub(in crate::usecases) hasher: Arc<dyn PasswordHasher>,
    pub(in crate::usecases) journal: Journal,
}

errors! {
    /// Why the password was not changed.
    pub enum ResetPasswordError {
        // Unknown, used, replaced or expired. Which of these is not disclosed.
        InvalidToken = "the token is not valid",
        // The token is still valid.
        WeakPassword(WeakPassword) = "{0}",
    }
}

impl ResetPassword {
    /// Sets the password, revokes all sessions, verifies the email address and removes all other mailed
    /// tokens. A locked user stays locked.
    pub async fn run(
        &self,
        client: Option<IpAddr>,
        token: &str,
        new: &NewPassword,
    ) -> Result<(), ResetPasswordError> {
        self.guard.present_mailed_token(Door::ResetPassword, client).await?;
        let reset = self.reset(client, token, new).await;
        if let Err(ResetPasswordError::InvalidToken) = reset {
            self.guard.invalid_mailed_token(Door::ResetPassword, client);
        }
        reset
    }

    async fn reset(
        &self,
        client: Option<IpAddr>,
        token: &str,
        new: &NewPassword,
    ) -> Result<(), ResetPasswordError> {
        let token = find_mail_token(&*self.mail_tokens, &*self.store, token).await?;
        let is_good = |now| token.as_ref().filter(|token| token.is_good(now));
        let token = is_good(self.journal.now()).ok_or(ResetPasswordError::InvalidToken)?;
        if token.purpose != MailPurpose::ResetPassword {
            return Err(ResetPasswordError::InvalidToken);
        }
        // The token is not consumed: it may still be valid when the ban ends.
        self.guard.check_ban(Door::ResetPassword, client, token.user_id, None)?;
        new.check_against(&token.email).map_err(ResetPasswordError::WeakPassword)?;
        let hash = self.hasher.hash(&Origin::new(client, &token.email), new.as_password()).await?;

        let (user, now, reason) = (token.user_id, self.journal.now(), RevocationReason::PasswordChanged);
        let revoking = Revoking { user, except: None, actor: Actor::User(user), reason, at: now };
        let check = |locked: Option<Account>| {
            let locked = locked.filter(|locked| locked.user.email.key() == token.email.key());
            locked.ok_or(ResetPasswordError::InvalidToken)
        };
        let (mut work, locked) =
            begin_without_sessions(&*self.store, &self.journal, &revoking, check).await?;
        // The token may have been used or replaced by a newer one since it was found.
        if !work.mail_tokens().take(token.digest, now).await? {
            return Err(ResetPasswordError::InvalidToken);
        }
        work.invitations().remove(user).await?;
        let changed = EventKind::UserPasswordChanged;
        set_mailed_password(&mut *work, &self.journal, locked, (&hash, now), changed).await?;
        work.commit().await?;
        self.guard.forgive(client, &token.email).await;
        self.guard.allowed(Door::ResetPassword, client, user, None);
        Ok(())
    }
}
