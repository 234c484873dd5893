//! The database, as the use cases need it.
//!
//! **Here**: [`Store`] for reads that need no transaction, [`UnitOfWork`] for changes, and a pair of small
//! traits per table.
//!
//! **To add a table**: a file with its traits, its line in the list below, a file in
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
mod request_backlogs;
mod sessions;
mod signing_keys;
mod users;

use async_trait::async_trait;

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
pub use registration_requests::{CleanedRegistrations, RegistrationQueue, RegistrationRequests};
pub use request_backlogs::{RequestBacklog, RequestBacklogs};
pub use sessions::{
    Rotated, Rotation, Rotations, SessionCleaner, SessionReader, SessionStarts, Sessions,
    SignedSessionChanges, SignedSessionReader, Started, UndeliveredRotations,
};
pub use signing_keys::{SigningKeyReader, SigningKeys};
pub use users::{LONGEST_PAGE, UserFilter, UserReader, Users};

pub(crate) use crate::ports::events::{Audit, AuditLog, Inbox};

/// The one list of tables that [`Store`] and [`UnitOfWork`] reach: what is read or cleaned without a unit of
/// work, and what a unit of work changes. `$define` is a macro that makes something of the list, such as the
/// traits below or their implementation on a database.
macro_rules! tables {
    ($define:ident) => {
        $define! {
            read {
                /// Users.
                users: UserReader,
                /// Sessions.
                sessions: SessionReader,
                /// Opens sessions.
                session_starts: SessionStarts,
                /// Rotates refresh tokens.
                rotations: Rotations,
                /// Sessions by the key that signed for them.
                signed_sessions: SignedSessionReader,
                /// Removes old sessions.
                session_cleaner: SessionCleaner,
                /// Signing keys.
                signing_keys: SigningKeyReader,
                /// Mailed tokens.
                mail_tokens: MailTokenReader,
                /// Invitations.
                invitations: InvitationReader,
                /// Times of the last requests for mails.
                mail_throttle: MailThrottleCleaner,
                /// Requests for mails.
                mail_requests: MailRequestQueue,
                /// Requests to register.
                registration_requests: RegistrationQueue,
                /// Events.
                outbox: OutboxReader,
                /// Bans.
                bans: BanReader,
                /// The audit trail.
                audit: AuditLog,
            }
            change {
                /// Users.
                users: Users,
                /// Sessions.
                sessions: Sessions,
                /// Refresh tokens that no client received.
                rotations: UndeliveredRotations,
                /// Sessions by the key that signed for them.
                signed_sessions: SignedSessionChanges,
                /// Signing keys.
                signing_keys: SigningKeys,
                /// Mailed tokens.
                mail_tokens: MailTokenRecords,
                /// Invitations.
                invitations: Invitations,
                /// Times of the last requests for mails.
                mail_throttle: MailThrottle,
                /// Requests for mails.
                mail_requests: MailRequests,
                /// Requests to register.
                registration_requests: RegistrationRequests,
                /// Bans.
                bans: Bans,
                /// Events.
                outbox: Outbox,
                /// Inbox entries.
                inbox: Inbox,
                /// The audit trail.
                audit: Audit,
            }
        }
    };
}
pub(crate) use tables;

macro_rules! define_traits {
    (
        read { $($(#[$read_doc:meta])* $read:ident: $reader:ident,)* }
        change { $($(#[$change_doc:meta])* $change:ident: $writer:ident,)* }
    ) => {
        /// The database.
        ///
        /// ```text
        /// let mut work = store.begin().await?;
        /// work.users().insert(&user, &hash).await?;
        /// work.outbox().append(&event).await?;
        /// work.commit().await?;
        /// ```
        ///
        /// A store that wraps another one implements only the accessors that it changes.
        #[async_trait]
        pub trait Store: Send + Sync {
            /// Begins a unit of work: others see all its changes at once, or none.
            async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError>;

            /// The store that this one wraps, which answers every accessor that this one does not implement.
            /// Only for the accessors below: a caller that took it would pass by what the wrapper does. The
            /// innermost store returns itself, and implements every accessor.
            fn inner(&self) -> &dyn Store;

            $(
                $(#[$read_doc])*
                fn $read(&self) -> &dyn $reader {
                    self.inner().$read()
                }
            )*
        }

        /// Changes that commit together. Dropping it rolls them all back.
        ///
        /// A unit of work that wraps another one implements only the accessors that it changes.
        #[async_trait]
        pub trait UnitOfWork: Send {
            /// Makes the changes durable. After an error it is unknown whether they are: the connection may
            /// have broken on the way back.
            async fn commit(self: Box<Self>) -> Result<(), StoreError>;

            /// The unit of work that this one wraps, which answers every accessor that this one does not
            /// implement.
            fn inner(&mut self) -> &mut dyn UnitOfWork;

            $(
                $(#[$change_doc])*
                fn $change(&mut self) -> &mut dyn $writer {
                    self.inner().$change()
                }
            )*
        }
    };
}
tables!(define_traits);
