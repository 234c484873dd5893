use crate::domain::{Actor, User, UserRef, UserStatus};
use crate::usecases::users::update::{UpdateUser, UpdateUserError, UserChanges};

/// Locks a user that an operator names.
pub struct LockUser {
    pub(in crate::usecases) update_user: UpdateUser,
}

impl LockUser {
    /// Locks the user and revokes their sessions. Succeeds if the user is already locked.
    pub async fn run(&self, user: &UserRef, actor: Actor) -> Result<User, UpdateUserError> {
        let changes = UserChanges { status: Some(UserStatus::Locked), ..UserChanges::default() };
        self.update_user.run_for(user, &changes, actor).await
    }
}
