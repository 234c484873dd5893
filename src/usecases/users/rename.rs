use crate::domain::{Actor, DisplayName, User, UserRef};
use crate::usecases::patch::Patch;
use crate::usecases::users::update::{UpdateUser, UpdateUserError, UserChanges};

/// Changes the display name of a user that an operator names.
pub struct RenameUser {
    pub(in crate::usecases) update_user: UpdateUser,
}

impl RenameUser {
    /// Sets the name, or removes it without one. Succeeds if the user has it already.
    pub async fn run(
        &self,
        user: &UserRef,
        name: Option<DisplayName>,
        actor: Actor,
    ) -> Result<User, UpdateUserError> {
        let name = name.map_or(Patch::Clear, Patch::Set);
        let changes = UserChanges { name, ..UserChanges::default() };
        self.update_user.run_for(user, &changes, actor).await
    }
}
