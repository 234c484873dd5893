use crate::domain::{Actor, User, UserRef, UserStatus};
use crate::usecases::users::update::{UpdateUser, UpdateUserError, UserChanges};

/// Unlocks a user that an operator names.
pub struct UnlockUser {
    pub(in crate::usecases) update_user: UpdateUser,
}

impl UnlockUser {
    /// Lets the user log in again. Sessions that the lock revoked stay revoked. Succeeds if the user is not
    /// locked.
    pub async fn run(&self, user: &UserRef, actor: Actor) -> Result<User, UpdateUserError> {
        let changes = UserChanges { status: Some(UserStatus::Active), ..UserChanges::default() };
        self.update_user.run_for(user, &changes, actor).await
    }
}
