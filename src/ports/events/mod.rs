//! Events after their unit of work: relay, delivery, handling and inspection.
//!
//! **Here**: an event as it is stored ([`StoredEvent`]), one file per queue (`outbox`, `inbox`), the way to a
//! broker (`transport`) and back from it (`source`, `dead_letters`), notifications of new work (`wakeups`),
//! the audit trail (`audit`), the past of one user (`history`), inspection and replay by an operator (`log`,
//! `backlog`, `replay`), periodic jobs (`jobs`), and the partitions of the tables (`partitions`).
//!
//! **May use**: `domain`.
//!
//! **To add a transport**: an adapter of [`Transport`], and a line in the container that chooses it.

mod audit;
mod backlog;
mod dead_letters;
mod history;
mod inbox;
mod jobs;
mod lease;
mod log;
mod outbox;
mod partitions;
mod replay;
mod source;
mod stored_event;
mod transport;
mod wakeups;

pub use audit::{Audit, AuditLog, AuditRow};
pub use backlog::{Backlog, BacklogReader, HandlerBacklog, StatementLimit};
pub use dead_letters::{ClaimedDeadLetters, DeadLetter, DeadLetters, Depth};
pub use history::{History, PastEvent};
pub use inbox::{Due, Inbox, InboxEntry, InboxQueue, Reschedule};
pub use jobs::{ClaimedJob, Jobs};
pub use lease::Lease;
pub use log::{EventFilter, EventLog, InboxEntryRow, LoggedEvent};
pub use outbox::{Delivery, OutboxQueue, RelayOutcome, UnrelayedEvent};
pub use partitions::{ENDS_SOON, Partitions, PartitionsKept, Removed, partition_length};
pub use replay::{EventReplayer, REPLAYED_AT_ONCE, REQUEUED_AT_ONCE, Selection};
pub use source::{Arrival, Intake, Source, SourceError};
pub use stored_event::StoredEvent;
pub use transport::{NotPublished, Transport};
pub use wakeups::{Queue, Wakeup, Wakeups};
