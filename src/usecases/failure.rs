use crate::ports::events::SourceError;
use crate::ports::{
    AccessTokenError, Banned, HasherError, NotLoaded, Obstacle, RateLimited, StoreError, Unusable,
};

/// A failure that every use case can have. The texts are for operators, never for clients.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// A dependency is unreachable. The same request may succeed later.
    #[error("{0}")]
    Unavailable(String),
    /// The database takes no writes: it is a standby, or was set to read-only.
    #[error("{0}")]
    ReadOnly(String),
    /// The database answers, and something keeps it from the operation.
    #[error("{1}")]
    Blocked(Obstacle, String),
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

impl Failure {
    /// The failure behind the direct connection to the database, or this failure if it is another one.
    #[must_use]
    pub fn cause(&self) -> &Self {
        match self {
            Self::Direct(failure) => failure.cause(),
            failure => failure,
        }
    }

    /// Whether the same operation may succeed later with this release: nothing that is stored is wrong.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(
            self.cause(),
            Self::Unavailable(_) | Self::ReadOnly(_) | Self::Blocked(..) | Self::Unusable(..)
        )
    }

    /// Whether the database, or that of the direct connection, is one that would give wrong results. A new
    /// attempt gives the same answer.
    #[must_use]
    pub fn is_unsupported(&self) -> bool {
        matches!(self.cause(), Self::Unusable(Unusable::Unsupported, _))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::Unavailable(error.to_string()),
            StoreError::ReadOnly(_) => Self::ReadOnly(error.to_string()),
            StoreError::Blocked(obstacle, _) => Self::Blocked(obstacle, error.to_string()),
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

/// Declares the error enum of a use case: each reason for which it can be refused, with its text for
/// operators, and [`Failure`].
macro_rules! errors {
    ($(#[$about:meta])+ pub enum $error:ident { $($reason:ident $(($value:ty))? = $text:literal,)+ }) => {
        $(#[$about])+
        #[derive(Debug, thiserror::Error)]
        pub enum $error {
            $(#[doc = $text] #[error($text)] $reason $(($value))?,)+
            /// A failure common to all use cases.
            #[error(transparent)]
            Failed($crate::usecases::Failure),
        }
        $crate::usecases::failure::fails!($error);
    };
}
pub(super) use errors;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_of_the_direct_connection_keeps_its_cause_and_names_the_setting() {
        let unsupported = StoreError::Unusable(Unusable::Unsupported, "version 9".to_owned());
        let refused = StoreError::Unusable(Unusable::Login, "no such role".to_owned());
        for (error, is_unsupported) in [(unsupported, true), (refused, false)] {
            let plain = Failure::from(error.clone());
            let direct = Failure::from(StoreError::Direct(Box::new(error)));
            assert_eq!(direct.cause(), &plain);
            assert_eq!((plain.is_unsupported(), direct.is_unsupported()), (is_unsupported, is_unsupported));
            assert_eq!(direct.to_string(), format!("database.direct_url: {plain}"));
        }
    }
}
