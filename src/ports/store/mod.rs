//! What the use cases need of the database.
//!
//! **Here**: [`Store`] for reads that need no transaction, [`UnitOfWork`] for changes, and a small trait a
//! kind of row for each.
//!
//! **To add a kind of row**: a file with its two traits, one accessor in each of the two traits below, one file in
//! `adapters/sqlx`, and a contract test that runs on both databases.

mod bans;
mod hash_census;
mod mail_requests;
mod mail_tokens;
mod outbox;
mod probe;
mod sessions;
mod signing_keys;
mod users;

use async_trait::async_trait;

pub use bans::{BanReader, Bans};
pub use hash_census::{HASHES_AT_ONCE, HashCensusStore, HashCount};
pub use mail_requests::{MailRequestQueue, MailRequests};
pub use mail_tokens::{MailThrottle, MailTokenReader, MailTokenRecords};
pub use outbox::{FeedEntry, Outbox, OutboxReader};
pub use probe::StoreProbe;
pub use sessions::{Rotation, SessionStore, Sessions, Started};
pub use signing_keys::{SigningKeyReader, SigningKeys};
pub use users::{LONGEST_PAGE, UserFilter, UserReader, Users};

use super::events::{Audit, Inbox};

/// The database.
///
/// ```text
/// let mut work = store.begin().await?;
/// work.users().insert(&user, &hash).await?;
/// work.outbox().append(&event).await?;
/// work.commit().await?;
/// ```
#[async_trait]
pub trait Store: Send + Sync {
    /// Begins a unit of work: what is done in it is seen by others all at once, or never.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError>;

    /// Users.
    fn users(&self) -> &dyn UserReader;

    /// Sessions.
    fn sessions(&self) -> &dyn SessionStore;

    /// Signing keys.
    fn signing_keys(&self) -> &dyn SigningKeyReader;

    /// Tokens that were sent by mail.
    fn mail_tokens(&self) -> &dyn MailTokenReader;

    /// Requests for mails.
    fn mail_requests(&self) -> &dyn MailRequestQueue;

    /// Events.
    fn outbox(&self) -> &dyn OutboxReader;

    /// Bans.
    fn bans(&self) -> &dyn BanReader;
}

/// Changes that happen together. Dropping it undoes them all.
#[async_trait]
pub trait UnitOfWork: Send {
    /// Users.
    fn users(&mut self) -> &mut dyn Users;

    /// Sessions.
    fn sessions(&mut self) -> &mut dyn Sessions;

    /// Signing keys.
    fn signing_keys(&mut self) -> &mut dyn SigningKeys;

    /// Tokens that were sent by mail.
    fn mail_tokens(&mut self) -> &mut dyn MailTokenRecords;

    /// When mails were asked for.
    fn mail_throttle(&mut self) -> &mut dyn MailThrottle;

    /// Bans.
    fn bans(&mut self) -> &mut dyn Bans;

    /// Requests for mails.
    fn mail_requests(&mut self) -> &mut dyn MailRequests;

    /// Events.
    fn outbox(&mut self) -> &mut dyn Outbox;

    /// Events that handlers work on.
    fn inbox(&mut self) -> &mut dyn Inbox;

    /// The audit trail.
    fn audit(&mut self) -> &mut dyn Audit;

    /// Makes the changes durable. After an error nobody knows whether they are: the connection may have broken
    /// on the way back.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// Why the database did not do as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A rule of the schema forbids it.
    #[error("the store refused: {0:?}")]
    Conflict(Constraint),
    /// The database is out of reach, too busy or too slow. The text is for operators, not for clients.
    #[error("the store is out of reach: {0}")]
    Unavailable(String),
    /// The database takes no changes: a standby, or one that was set to be read-only. For operators.
    #[error("the store takes no changes: {0}")]
    ReadOnly(String),
    /// No retry helps until an operator changes something, which the text names. For operators.
    #[error("the store cannot be used: {1}")]
    Unusable(Unusable, String),
    /// The other way to the database (`database.direct_url`) has this fault. For operators.
    #[error("by database.direct_url: {0}")]
    Direct(Box<Self>),
    /// What is stored makes no sense, or the schema is not the one this binary needs. For operators.
    #[error("the store holds something unexpected: {0}")]
    Corrupt(String),
}

impl StoreError {
    /// Whether the database would answer wrongly, so that it is never used.
    #[must_use]
    pub fn is_unsupported(&self) -> bool {
        match self {
            Self::Unusable(Unusable::Unsupported, _) => true,
            Self::Direct(error) => error.is_unsupported(),
            _ => false,
        }
    }
}

/// What an operator has to change before the database can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// The user, the password or the rights: the server lets this service not in.
    Login,
    /// The address: the server or the database is not there, or another program is.
    Address,
    /// The database, or the way to it: it would answer wrongly. It is never used.
    Unsupported,
}

/// The rules of the schema that a use case answers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// One user an address.
    UserEmail,
    /// One active signing key.
    ActiveSigningKey,
    /// Any other, which no use case should meet.
    Other,
}
