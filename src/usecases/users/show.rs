use std::sync::Arc;

use crate::domain::{User, UserId};
use crate::ports::{Cache, Memo};
use crate::usecases::failure::{Failure, fails};

/// Finds one user.
pub struct ShowUser {
    pub(in crate::usecases) cache: Arc<dyn Cache>,
}

/// Why the user was not found.
#[derive(Debug, thiserror::Error)]
pub enum ShowUserError {
    /// There is no such user.
    #[error("there is no such user")]
    NotFound,
    /// A failure common to all use cases.
    #[error(transparent)]
    Failed(Failure),
}
fails!(ShowUserError);

impl ShowUser {
    /// Finds the user by id.
    pub async fn run(&self, id: UserId) -> Result<Arc<Memo<User>>, ShowUserError> {
        self.cache.user(id).await?.ok_or(ShowUserError::NotFound)
    }
}
