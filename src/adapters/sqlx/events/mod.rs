//! The queues of events: relaying, delivering, claiming, replaying, counting and cleaning up.
//!
//! The statements of the tables themselves are in `tables/outbox.rs`, `tables/inbox.rs` and
//! `tables/audit.rs`.

mod backlog;
pub(super) mod claim;
pub(super) mod clean;
pub(super) mod delivery;
pub(super) mod due;
pub(super) mod filtered;
pub(super) mod history;
mod log;
pub(super) mod open_ids;
pub(super) mod relay;
mod replay;
pub(super) mod signals;
mod since;
pub(super) mod wakeups;
