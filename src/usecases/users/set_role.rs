use crate::domain::{Actor, Role, User, UserRef};
use crate::usecases::users::update::{UpdateUser, UpdateUserError, UserChanges};

/// Changes the role of a user that an operator names.
pub struct SetUserRole {
    pub(in crate::usecases) update_user: UpdateUser,
}

impl SetUserRole {
    /// Changes the role. It takes effect at the next request of the user. Succeeds if the user has it.
    pub async fn run(&self, user: &UserRef, role: Role, actor: Actor) -> Result<User, UpdateUserError> {
        let changes = UserChanges { role: Some(role), ..UserChanges::default() };
        self.update_user.run_for(user, &changes, actor).await
    }
}
