use std::sync::Arc;

use crate::domain::{EventKind, MailPurpose, NewPassword, Password, RevocationReason, User, WeakPassword};
use crate::ports::{Door, Origin, PasswordHasher, Store};
use crate::usecases::auth::authenticate::Principal;
use crate::usecases::failure::{Failure, errors};
use crate::usecases::journal::Journal;
use crate::usecases::rules::revocation::{Revoking, revoke_sessions};
use crate::usecases::rules::verify_password::VerifyPassword;

/// Changes the password of a user who knows the current one, and revokes their other sessions.
pub struct ChangePassword {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) verify_password: VerifyPassword,
    pub(in crate::usecases) hasher: Arc<dyn PasswordHasher>,
    pub(in crate::usecases) journal: Journal,
}

errors! {
    /// Why the password was not changed.
    pub enum ChangePasswordError {
        WrongPassword = "the current password is wrong",
        Deleted = "the account was deleted",
        WeakPassword(WeakPassword) = "{0}",
    }
}

impl ChangePassword {
    /// Changes the password. Fails with `WrongPassword` if it has changed since it was verified.
    pub async fn run(
        &self,
        who: &Principal,
        current: &Password,
        new: &NewPassword,
    ) -> Result<(), ChangePasswordError> {
        new.check_against(&who.user.email).map_err(ChangePasswordError::WeakPassword)?;
        let user = &who.user;
        let verified = self.verify_password.of_user(Door::ChangePassword, who.client, user, current).await?;
        let Some(verified) = verified else {
            return Err(self.unverified(user).await?);
        };
        let hash = self.hasher.hash(&Origin::new(who.client, &user.email), new.as_password()).await?;

        let (user, actor, at) = (who.user.id, who.actor(), self.journal.now());
        let (except, reason) = (Some(who.session_id), RevocationReason::PasswordChanged);
        let revoking = Revoking { user, except, actor, reason, at };
        let (mut work, locked) = loop {
            let mut work = self.store.begin().await?;
            let Some(locked) = verified.lock(&mut *work).await? else {
                drop(work);
                return Err(self.unverified(&who.user).await?);
            };
            if let Some(work) = revoke_sessions(work, &self.journal, &revoking).await? {
                break (work, locked);
            }
        };
        work.users().set_password_hash(user, &hash).await?;
        let after = work.users().update(&User { updated_at: at, ..locked.user }).await?;
        // An attacker with the old password may have requested a new email address, and a reader of the
        // user's mail a reset.
        work.mail_tokens().remove_all_of(user, Some(MailPurpose::VerifyEmail)).await?;
        let changed = EventKind::UserPasswordChanged(after);
        self.journal.append(&mut *work, user, actor, at, changed).await?;
        work.commit().await?;
        self.verify_password.guard.allowed(Door::ChangePassword, who.client, user, Some(who.session_id));
        Ok(())
    }

    async fn unverified(&self, user: &User) -> Result<ChangePasswordError, Failure> {
        self.verify_password
            .unverified(user, ChangePasswordError::WrongPassword, ChangePasswordError::Deleted)
            .await
    }
}
