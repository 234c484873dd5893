use std::sync::Arc;

use crate::domain::{
    Account, Actor, EventKind, MailPurpose, NewPassword, RevocationReason, User, UserRef, WeakPassword,
};
use crate::ports::{Origin, PasswordHasher, Store};
use crate::usecases::failure::errors;
use crate::usecases::journal::Journal;
use crate::usecases::rules::find_user::find_user;
use crate::usecases::rules::revocation::{Revoking, begin_without_sessions};

/// Sets the password of a user that an operator names.
pub struct SetUserPassword {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) hasher: Arc<dyn PasswordHasher>,
    pub(in crate::usecases) journal: Journal,
}

errors! {
    /// Why the password was not set.
    pub enum SetUserPasswordError {
        NotFound = "there is no such user",
        WeakPassword(WeakPassword) = "{0}",
    }
}

impl SetUserPassword {
    /// Sets the password and, unless they are kept, revokes all sessions. Also removes the mailed tokens that
    /// set a password or change the email address: a person with the old password may have requested them. A
    /// locked user stays locked.
    pub async fn run(
        &self,
        user: &UserRef,
        new: &NewPassword,
        keep_sessions: bool,
        actor: Actor,
    ) -> Result<User, SetUserPasswordError> {
        let found = find_user(&*self.store, user).await?.ok_or(SetUserPasswordError::NotFound)?;
        new.check_against(&found.email).map_err(SetUserPasswordError::WeakPassword)?;
        let hash = self.hasher.hash(&Origin::new(None, &found.email), new.as_password()).await?;

        let (id, at, reason) = (found.id, self.journal.now(), RevocationReason::PasswordChanged);
        let revoking = Revoking { user: id, except: None, actor, reason, at };
        let check = |locked: Option<Account>| -> Result<_, SetUserPasswordError> {
            let locked = locked.ok_or(SetUserPasswordError::NotFound)?;
            // The email address may have changed since the password was compared with it.
            new.check_against(&locked.user.email).map_err(SetUserPasswordError::WeakPassword)?;
            Ok(locked)
        };
        let (mut work, locked) = if keep_sessions {
            let mut work = self.store.begin().await?;
            let locked = check(work.users().lock(id).await?)?;
            (work, locked)
        } else {
            begin_without_sessions(&*self.store, &self.journal, &revoking, check).await?
        };
        work.users().set_password_hash(id, &hash).await?;
        let after = work.users().update(&User { updated_at: at, ..locked.user }).await?;
        work.mail_tokens().remove_all_of(id, Some(MailPurpose::VerifyEmail)).await?;
        work.invitations().remove(id).await?;
        let kind = EventKind::UserPasswordChanged(after.clone());
        self.journal.append(&mut *work, id, actor, at, kind).await?;
        work.commit().await?;
        Ok(after)
    }
}
