use std::sync::Arc;

use crate::domain::{Password, User};
use crate::ports::{Door, Store};
use crate::usecases::auth::authenticate::Principal;
use crate::usecases::failure::{Failure, errors};
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

errors! {
    /// Why the account was not deleted.
    pub enum DeleteMeError {
        WrongPassword = "the password is wrong",
        Deleted = "the account was deleted",
        LastAdmin = "this is the last active administrator",
    }
}

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
