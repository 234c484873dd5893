use crate::ports::{AccessTokenError, Banned, HasherError, NotLoaded, RateLimited, StoreError, Unusable};

/// What no use case can help: the same for all of them. The texts are for operators, never for clients.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Something the service stands on is out of reach; the same request may succeed later.
    #[error("{0}")]
    Unavailable(String),
    /// The database cannot be used until an operator changes what the text names.
    #[error("{1}")]
    Unusable(Unusable, String),
    /// More work is waiting than can be done in time; the same request may succeed later.
    #[error("too many passwords are waiting to be hashed")]
    Overloaded,
    /// A rate limit is reached; the same request may succeed after the time that it names.
    #[error(transparent)]
    RateLimited(RateLimited),
    /// The origin or the account is banned; the same request may succeed after the ban.
    #[error(transparent)]
    Banned(Banned),
    /// What is stored makes no sense; somebody has to look.
    #[error("{0}")]
    Broken(String),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::ReadOnly(_) => Self::Unavailable(error.to_string()),
            StoreError::Unusable(why, _) => Self::Unusable(why, error.to_string()),
            StoreError::Conflict(_) | StoreError::Corrupt(_) => Self::Broken(error.to_string()),
        }
    }
}

impl From<NotLoaded> for Failure {
    fn from(error: NotLoaded) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<HasherError> for Failure {
    fn from(error: HasherError) -> Self {
        match error {
            HasherError::Overloaded => Self::Overloaded,
        }
    }
}

/// Only for signing and reading keys: whether a presented token is valid is the caller's question.
impl From<AccessTokenError> for Failure {
    fn from(error: AccessTokenError) -> Self {
        match error {
            AccessTokenError::Unavailable => Self::Unavailable(error.to_string()),
            AccessTokenError::Invalid | AccessTokenError::Expired => Self::Broken(error.to_string()),
        }
    }
}

/// Lets `?` turn a port's error into a use case's `Failed` variant.
macro_rules! fails {
    ($error:ident) => {
        impl<E> From<E> for $error
        where
            $crate::usecases::Failure: From<E>,
        {
            fn from(error: E) -> Self {
                Self::Failed(error.into())
            }
        }
    };
}
pub(super) use fails;
