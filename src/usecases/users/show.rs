use std::sync::Arc;

use crate::domain::{User, UserId};
use crate::ports::Cache;
use crate::usecases::failure::{Failure, fails};

/// Shows one user.
pub struct FindUser {
    /// Knows the users.
    pub cache: Arc<dyn Cache>,
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
    pub async fn run(&self, id: UserId) -> Result<Arc<User>, FindUserError> {
        self.cache.user(id).await?.ok_or(FindUserError::NotFound)
    }
}
