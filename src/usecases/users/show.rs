use std::sync::Arc;

use crate::domain::{User, UserId};
use crate::ports::Cache;
use crate::usecases::failure::{Failure, fails};

/// Shows one user.
pub struct ShowUser {
    /// Knows the users.
    pub cache: Arc<dyn Cache>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ShowUserError {
    /// There is no such user.
    #[error("there is no such user")]
    NotFound,
    /// The service could not.
    #[error(transparent)]
    Failed(Failure),
}
fails!(ShowUserError);

impl ShowUser {
    /// Finds the user by id.
    pub async fn run(&self, id: UserId) -> Result<Arc<User>, ShowUserError> {
        self.cache.user(id).await?.ok_or(ShowUserError::NotFound)
    }
}
