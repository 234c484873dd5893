use std::sync::Arc;

use crate::domain::{User, UserId};
use crate::ports::{Cache, Memo};
use crate::usecases::failure::errors;

/// Finds one user.
pub struct ShowUser {
    pub(in crate::usecases) cache: Arc<dyn Cache>,
}

errors! {
    /// Why the user was not found.
    pub enum ShowUserError {
        NotFound = "there is no such user",
    }
}

impl ShowUser {
    /// Finds the user by id.
    pub async fn run(&self, id: UserId) -> Result<Arc<Memo<User>>, ShowUserError> {
        self.cache.user(id).await?.ok_or(ShowUserError::NotFound)
    }
}
