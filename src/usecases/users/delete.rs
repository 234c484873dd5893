use std::sync::Arc;

use crate::domain::{Actor, UserId};
use crate::ports::Store;
use crate::usecases::failure::errors;
use crate::usecases::journal::Journal;
use crate::usecases::rules::deletion::delete_user;
use crate::usecases::rules::last_admin::{is_last_admin, lock_admins};
use crate::usecases::rules::precondition::Precondition;

/// Deletes a user and all their sessions.
pub struct DeleteUser {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) journal: Journal,
}

errors! {
    /// Why the user was not deleted.
    pub enum DeleteUserError {
        NotFound = "there is no such user",
        PreconditionFailed = "the user has changed since it was read",
        LastAdmin = "this is the last active administrator",
    }
}

impl DeleteUser {
    /// Deletes the user, revokes their sessions and appends the events.
    pub async fn run(
        &self,
        id: UserId,
        precondition: &Precondition,
        actor: Actor,
    ) -> Result<(), DeleteUserError> {
        let before = self.store.users().find(id).await?.ok_or(DeleteUserError::NotFound)?;
        loop {
            let mut work = self.store.begin().await?;
            let admins = lock_admins(&mut *work, before.is_active_admin()).await?;
            let account = work.users().lock(id).await?.ok_or(DeleteUserError::NotFound)?;
            if !precondition.matches(account.user.version) {
                return Err(DeleteUserError::PreconditionFailed);
            }
            if is_last_admin(&account, &admins) {
                return Err(DeleteUserError::LastAdmin);
            }
            if delete_user(work, &self.journal, &account.user, actor).await? {
                return Ok(());
            }
        }
    }
}
