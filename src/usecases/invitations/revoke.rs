use std::sync::Arc;

use super::find_invited::{find_id, lock_invited};
use crate::domain::{Actor, User, UserRef};
use crate::ports::Store;
use crate::usecases::failure::errors;
use crate::usecases::journal::Journal;
use crate::usecases::rules::deletion::delete_user;

/// Revokes an invitation.
pub struct RevokeInvitation {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) journal: Journal,
}

errors! {
    /// Why nothing was revoked.
    pub enum RevokeInvitationError {
        // There is no such user, or they are not invited.
        NotFound = "there is no such invitation",
    }
}

impl RevokeInvitation {
    /// Removes the invitation with its account, which was never used: no mail, neither this one nor one that
    /// sets a password, leads into it any more. Returns the user.
    pub async fn run(&self, user: &UserRef, actor: Actor) -> Result<User, RevokeInvitationError> {
        let id = find_id(&*self.store, user).await?.ok_or(RevokeInvitationError::NotFound)?;
        loop {
            let mut work = self.store.begin().await?;
            let user = lock_invited(&mut *work, id).await?;
            let user = user.ok_or(RevokeInvitationError::NotFound)?;
            // An operator may have issued tokens for the user, so there may be sessions.
            if delete_user(work, &self.journal, &user, actor).await? {
                return Ok(user);
            }
        }
    }
}
