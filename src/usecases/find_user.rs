use std::sync::Arc;

use super::failure::{Failure, fails};
use crate::domain::{User, UserId};
use crate::ports::Store;

/// Shows one user.
pub struct FindUser {
    /// Keeps the users.
    pub store: Arc<dyn Store>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum FindUserError {
    /// There is no such user.
    #[error("there is no such user")]
    NotFound,
    /// The service could not.
    #[error(transparent)]
    Failed(Failure),
}
fails!(FindUserError);

impl FindUser {
    /// Finds the user by id.
    pub async fn run(&self, id: UserId) -> Result<User, FindUserError> {
        self.store.users().find(id).await?.ok_or(FindUserError::NotFound)
    }
}
