use crate::domain::{Actor, MetadataPatch, User, UserRef};
use crate::usecases::patch::Patch;
use crate::usecases::users::update::{UpdateUser, UpdateUserError, UserChanges};

/// Changes the metadata of a user that an operator names.
pub struct SetUserMetadata {
    pub(in crate::usecases) update_user: UpdateUser,
}

/// The metadata of a user, by the people who may write it over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetadataOf {
    /// What the user writes.
    User,
    /// What administrators write.
    App,
}

impl SetUserMetadata {
    /// Applies a merge patch. Succeeds if it changes nothing.
    pub async fn run(
        &self,
        user: &UserRef,
        of: MetadataOf,
        patch: MetadataPatch,
        actor: Actor,
    ) -> Result<User, UpdateUserError> {
        let patch = Patch::Set(patch);
        let changes = match of {
            MetadataOf::User => UserChanges { metadata: patch, ..UserChanges::default() },
            MetadataOf::App => UserChanges { app_metadata: patch, ..UserChanges::default() },
        };
        self.update_user.run_for(user, &changes, actor).await
    }
}
