//! The tables: one file for each, with its row and its statements.
//!
//! **To add one**: a numbered migration in `migrations/postgres` and in `migrations/sqlite` with the same
//! columns, a file here that implements its ports for `SqlxStore` and `Work`, a line in the list of
//! `ports/store/mod.rs`, and a contract test, which runs on both databases.

pub(super) mod audit;
pub(super) mod bans;
pub(super) mod hash_census;
pub(super) mod inbox;
pub(super) mod invitations;
pub(super) mod jobs;
pub(super) mod mail_requests;
pub(super) mod mail_tokens;
pub(super) mod outbox;
pub(super) mod registration_requests;
pub(super) mod sessions;
pub(super) mod signing_keys;
pub(super) mod user_row;
pub(super) mod users;

use async_trait::async_trait;

use super::store::SqlxStore;
use super::unit_of_work::Work;
use crate::domain::{MailRequest, RegistrationRequest};
use crate::ports::store::{self, RequestBacklog, RequestBacklogs, Store, StoreError, UnitOfWork, tables};

/// Each queue of requests.
#[async_trait]
impl RequestBacklogs for SqlxStore {
    async fn request_backlogs(&self) -> Result<Vec<RequestBacklog>, StoreError> {
        Ok(vec![
            self.request_backlog::<MailRequest>().await?,
            self.request_backlog::<RegistrationRequest>().await?,
        ])
    }
}

macro_rules! implement {
    (
        read { $($(#[$read_doc:meta])* $read:ident: $reader:ident,)* }
        change { $($(#[$change_doc:meta])* $change:ident: $writer:ident,)* }
    ) => {
        #[async_trait]
        impl Store for SqlxStore {
            async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
                Ok(Box::new(Work::begin(&self.writer, &self.signals).await?))
            }

            fn inner(&self) -> &dyn Store {
                self
            }

            $(
                fn $read(&self) -> &dyn store::$reader {
                    self
                }
            )*
        }

        #[async_trait]
        impl UnitOfWork for Work {
            async fn commit(self: Box<Self>) -> Result<(), StoreError> {
                Work::commit(*self).await
            }

            fn inner(&mut self) -> &mut dyn UnitOfWork {
                self
            }

            $(
                fn $change(&mut self) -> &mut dyn store::$writer {
                    self
                }
            )*
        }
    };
}
tables!(implement);
