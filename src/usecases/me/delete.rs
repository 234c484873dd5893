use std::sync::Arc;

use crate::domain::{Password, User};
use crate::ports::{Door, Store};
use crate::usecases::auth::authenticate::Principal;
use crate::usecases::failure::{Failure, fails};
use crate::usecases::journal::Journal;
use crate::usecases::rules::deletion::delete_user;
use crate::usecases::rules::last_admin::{is_last_admin, lock_admins};
use crate::usecases::rules::verify_password::VerifyPassword;

/// Deletes the account of a user who knows its password.
pub struct DeleteMe {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) verify_password: VerifyPassword,
    pub(in crate::usecases) journal: Journal,
}

/// Why the account was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteMeError {
    /// The password is wrong.
    #[error("the password is wrong")]
    WrongPassword,
    /// The account was deleted.
    #[error("the account was deleted")]
    Deleted,
    /// The user is the last active administrator.
    #[error("this is the last active administrator")]
    LastAdmin,
    /// A failure common to all use cases.
    #[error(transparent)]
    Failed(Failure),
}
fails!(DeleteMeError);

impl DeleteMe {
    /// Deletes the user, revokes their sessions and appends the events.
    pub async fn run(&self, who: &Principal, password: &Password) -> Result<(), DeleteMeError> {
        let user = &who.user;
        let verified = self.verify_password.of_user(Door::DeleteMe, who.client, user, password).await?;
        let Some(verified) = verified else {
            return Err(self.unverified(user).await?);
        };

        loop {
            let mut work = self.store.begin().await?;
            let admins = lock_admins(&mut *work, verified.account.user.is_active_admin()).await?;
            let Some(account) = verified.lock(&mut *work).await? else {
                drop(work);
                return Err(self.unverified(user).await?);
            };
            if is_last_admin(&account, &admins) {
                return Err(DeleteMeError::LastAdmin);
            }
            let user = account.user;
            if delete_user(work, &self.journal, &user, who.actor()).await? {
                let (user, session) = (user.id, Some(who.session_id));
                self.verify_password.guard.allowed(Door::DeleteMe, who.client, user, session);
                return Ok(());
            }
        }
    }

    async fn unverified(&self, user: &User) -> Result<DeleteMeError, Failure> {
        self.verify_password.unverified(user, DeleteMeError::WrongPassword, DeleteMeError::Deleted).await
    }
}
