//! What `svc doctor` measures of the service's surroundings. An inspector reads, and changes nothing.
//!
//! **Here**: one file per thing that is inspected, with its trait and the facts that it returns. The facts
//! are judged in `usecases/system/doctor`.
//!
//! **May use**: `domain`.
//!
//! **To add one**: a file here, its adapter, and a file with its check in `usecases/system/doctor`.

mod broker;
mod cache;
mod collector;
mod database;
mod host;
mod mail;
mod site;

pub use broker::{BrokerFacts, BrokerFault, BrokerInspector};
pub use cache::{CacheFacts, CacheInspector};
pub use collector::{CollectorFacts, CollectorInspector};
pub use database::{DatabaseFacts, DatabaseInspector, PartitionedTable, ServerFacts};
pub use host::{FolderFacts, HostInspector};
pub use mail::{MailFacts, MailInspector};
pub use site::{CLAIMED, Introduction, Introductions, SiteFacts, SiteFault, SiteInspector};
