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
mod error;
mod hash_census;
mod invitations;
mod mail_requests;
mod mail_tokens;
mod outbox;
mod probe;
mod registration_requests;
mod sessions;
mod signing_keys;
mod tables;
mod users;

pub use bans::{BanReader, Bans};
pub use cleaned::{CLEANED_AT_ONCE, Cleaned, Kept};
pub use connections::{PoolState, StoreConnections};
pub use error::{Constraint, Obstacle, StoreError, Unusable};
pub use hash_census::{HASHES_AT_ONCE, HashCensusStore, HashCount};
pub use invitations::{InvitationReader, Invitations};
pub use mail_requests::{MailRequestQueue, MailRequests};
pub use mail_tokens::{MailThrottle, MailThrottleCleaner, MailTokenReader, MailTokenRecords};
pub use outbox::{FeedEntry, Outbox, OutboxReader};
pub use probe::StoreProbe;
pub use registration_requests::{RegistrationQueue, RegistrationRequests};
pub use sessions::{Rotated, Rotation, SessionStore, Sessions, Started};
pub use signing_keys::{SigningKeyReader, SigningKeys};
pub(crate) use tables::tables;
pub use tables::{Store, UnitOfWork};
pub use users::{LONGEST_PAGE, UserFilter, UserReader, Users};
