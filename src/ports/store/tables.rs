use async_trait::async_trait;

use super::bans::{BanReader, Bans};
use super::error::StoreError;
use super::invitations::{InvitationReader, Invitations};
use super::mail_requests::{MailRequestQueue, MailRequests};
use super::mail_tokens::{MailThrottle, MailThrottleCleaner, MailTokenReader, MailTokenRecords};
use super::outbox::{Outbox, OutboxReader};
use super::registration_requests::{RegistrationQueue, RegistrationRequests};
use super::sessions::{SessionStore, Sessions};
use super::signing_keys::{SigningKeyReader, SigningKeys};
use super::users::{UserReader, Users};
use crate::ports::events::{Audit, AuditLog, Inbox};

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
                sessions: SessionStore,
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
