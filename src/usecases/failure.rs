use crate::ports::events::SourceError;
use crate::ports::{AccessTokenError, Banned, HasherError, NotLoaded, RateLimited, StoreError, Unusable};

/// A failure that every use case can have. The texts are for operators, never for clients.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// A dependency is unreachable. The same request may succeed later.
    #[error("{0}")]
    Unavailable(String),
    /// The database cannot be used until an operator changes what the text names.
    #[error("{1}")]
    Unusable(Unusable, String),
    /// The direct connection to the database (`database.direct_url`) failed.
    #[error("database.direct_url: {0}")]
    Direct(Box<Self>),
    /// The broker failed, for an operator.
    #[error("{0}")]
    Broker(String),
    /// More work is waiting than can be done in time. The same request may succeed later.
    #[error("too many passwords are waiting to be hashed")]
    Overloaded,
    /// A rate limit was reached. The same request may succeed after the time that it names.
    #[error(transparent)]
    RateLimited(RateLimited),
    /// The origin or the user is banned. The same request may succeed after the ban.
    #[error(transparent)]
    Banned(Banned),
    /// The stored data is invalid. An operator has to investigate.
    #[error("{0}")]
    Broken(String),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::ReadOnly(_) => Self::Unavailable(error.to_string()),
            StoreError::Unusable(why, _) => Self::Unusable(why, error.to_string()),
            StoreError::Conflict(_) | StoreError::Corrupt(_) => Self::Broken(error.to_string()),
            StoreError::Direct(fault) => Self::Direct(Box::new(Self::from(*fault))),
        }
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        Self::Broker(error.to_string())
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

/// Only for signing and for reading keys. The caller handles the validity of a presented token.
impl From<AccessTokenError> for Failure {
    fn from(error: AccessTokenError) -> Self {
        match error {
            AccessTokenError::Unavailable => Self::Unavailable(error.to_string()),
            AccessTokenError::Invalid | AccessTokenError::Expired => Self::Broken(error.to_string()),
        }
    }
}

/// Lets `?` convert the error of a port to the `Failed` variant of a use case's error.
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
