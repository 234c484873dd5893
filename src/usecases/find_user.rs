use std::sync::Arc;

use super::failure::{Failure, fails};
use crate::domain::{User, UserId, UserRef};
use crate::ports::Store;

/// Finds one user.
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
    /// By id.
    pub async fn run(&self, id: UserId) -> Result<User, FindUserError> {
        self.store.users().find(id).await?.ok_or(FindUserError::NotFound)
    }

    /// By id or address.
    pub async fn by_ref(&self, user: &UserRef) -> Result<User, FindUserError> {
        match user {
            UserRef::Id(id) => self.run(*id).await,
            UserRef::Email(email) => {
                let account = self.store.users().find_account_by_email(email).await?;
                account.map(|account| account.user).ok_or(FindUserError::NotFound)
            }
        }
    }
}
