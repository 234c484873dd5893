//! Events after their unit of work: relay, delivery, handling and inspection.
//!
//! **Here**: an event as it is stored ([`StoredEvent`]), one file per queue (`outbox`, `inbox`), the way to a
//! broker (`transport`) and back from it (`source`, `dead_letters`), notifications of new work (`wakeups`),
//! the audit trail (`audit`), the past of one user
//! (`history`), inspection and replay by an operator (`log`), and periodic jobs (`jobs`).
//!
//! **May use**: `domain`.
//!
//! **To add a transport**: an adapter of [`Transport`], and a line in the container that chooses it.

mod audit;
mod dead_letters;
mod history;
mod inbox;
mod jobs;
mod log;
mod outbox;
mod source;
mod transport;
mod wakeups;

use uuid::Uuid;

pub use audit::{Audit, AuditLog, AuditRow};
pub use dead_letters::{ClaimedDeadLetters, DeadLetter, DeadLetters, Depth};
pub use history::{History, PastEvent};
pub use inbox::{Due, Inbox, InboxEntry, InboxQueue, Reschedule};
pub use jobs::{ClaimedJob, Jobs};
pub use log::{
    Backlog, EventFilter, EventLog, HandlerBacklog, InboxEntryRow, LoggedEvent, REPLAYED_AT_ONCE, Selection,
    StatementLimit,
};
pub use outbox::{Delivery, OutboxQueue, RelayOutcome, UnrelayedEvent};
pub use source::{Arrival, Intake, Source, SourceError};
pub use transport::{NotPublished, Transport};
pub use wakeups::{Queue, Wakeup, Wakeups};

use crate::domain::{Subject, Timestamp, TraceParent};

/// An event as it is stored. Its data is text here, because the reader may be an older version of the service
/// than the writer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its position in the outbox.
    pub seq: i64,
    /// The unique id of the event.
    pub id: Uuid,
    /// The event type with the version of `data`, such as `svc.user.registered.v1`.
    pub type_name: String,
    /// The subject: a user, or a ban of a network.
    pub subject: Subject,
    /// The actor: a user's id, `operator` or `service`.
    pub actor: String,
    /// When it happened.
    pub at: Timestamp,
    /// The data, as the text of a JSON object.
    pub data: String,
    /// The trace in which the event was caused, if known.
    pub trace: Option<TraceParent>,
}

/// An exclusive right to work on something for a limited time. Results count only until another process
/// claims the same work: a process that was frozen beyond the end of its lease changes nothing when it
/// continues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Identifies the claim (a fencing token).
    pub claim: Uuid,
    /// When the lease begins.
    pub now: Timestamp,
    /// When others may claim the same work.
    pub until: Timestamp,
}
