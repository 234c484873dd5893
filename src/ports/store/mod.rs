//! The database, as the use cases need it.
//!
//! **Here**: [`Store`] for reads that need no transaction, [`UnitOfWork`] for changes, and a pair of small
//! traits per table.
//!
//! **To add a table**: a file with its traits, a line in the list of `tables.rs`, a file in
//! `adapters/sqlx/tables`, and a contract test that runs on both databases.

mod bans;
mod cleaned;
mod connections;
mod hash_census;
mod mail_requests;
mod mail_tokens;
mod outbox;
mod probe;
mod sessions;
mod signing_keys;
mod tables;
mod users;

pub use bans::{BanReader, Bans};
pub use cleaned::{CLEANED_AT_ONCE, Cleaned};
pub use connections::{PoolState, StoreConnections};
pub use hash_census::{HASHES_AT_ONCE, HashCensusStore, HashCount};
pub use mail_requests::{MailRequestQueue, MailRequests};
pub use mail_tokens::{MailThrottle, MailThrottleCleaner, MailTokenReader, MailTokenRecords};
pub use outbox::{FeedEntry, Outbox, OutboxReader};
pub use probe::StoreProbe;
pub use sessions::{Rotation, SessionStore, Sessions, Started};
pub use signing_keys::{SigningKeyReader, SigningKeys};
pub(crate) use tables::tables;
pub use tables::{Store, UnitOfWork};
pub use users::{LONGEST_PAGE, UserFilter, UserReader, Users};

/// Why a database operation failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The operation violates a constraint of the schema.
    #[error("the store rejected the change: {0:?}")]
    Conflict(Constraint),
    /// The database is unreachable, overloaded or too slow. The text is for operators, not for clients.
    #[error("the store is unreachable: {0}")]
    Unavailable(String),
    /// The database accepts no writes: it is a standby, or was set to read-only. The text is for operators.
    #[error("the store is read-only: {0}")]
    ReadOnly(String),
    /// No retry helps until an operator changes what the text names. The text is for operators.
    #[error("the store cannot be used: {1}")]
    Unusable(Unusable, String),
    /// The direct connection to the database (`database.direct_url`) has this fault. The text is for
    /// operators.
    #[error("database.direct_url: {0}")]
    Direct(Box<Self>),
    /// The stored data is invalid, or the schema is not the one that this binary needs. The text is for
    /// operators.
    #[error("unexpected data in the store: {0}")]
    Corrupt(String),
}

impl StoreError {
    /// Whether the database would give wrong results, so that it must not be used.
    #[must_use]
    pub fn is_unsupported(&self) -> bool {
        match self {
            Self::Unusable(Unusable::Unsupported, _) => true,
            Self::Direct(error) => error.is_unsupported(),
            _ => false,
        }
    }
}

/// The correction that an operator has to make before the database can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// The user, the password or the rights: the server rejects the log-in.
    Login,
    /// The address: there is no such server or database, or another program listens there.
    Address,
    /// The database or the connection to it: it would give wrong results, so it is never used.
    Unsupported,
}

/// The constraints that use cases react to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// An email address belongs to at most one user.
    UserEmail,
    /// At most one signing key per algorithm is active, and at most one is going to be.
    SigningKeyStage,
    /// Any other constraint. No use case should violate one.
    Other,
}
