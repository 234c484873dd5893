//! What is needed to hand events on, and to see what became of them.
//!
//! **Here**: an event as it is stored ([`StoredEvent`]), one file a queue (`outbox`, `inbox`), what carries events
//! elsewhere (`transport`) and where they come back from (`source`, `dead_letters`), what wakes those who wait for them (`wakeups`), the trail they leave (`audit`), what an operator
//! sees and sends again (`log`), and what is done now and then (`jobs`).
//!
//! **May use**: `domain`.
//!
//! **To add a transport**: an adapter of [`Transport`], and a line in the container that chooses it.

mod audit;
mod dead_letters;
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
pub use inbox::{Due, Inbox, InboxEntry, InboxQueue, Reschedule};
pub use jobs::{CLEANED_AT_ONCE, ClaimedJob, Cleaned, Cleaner, Jobs};
pub use log::{
    Backlog, EventFilter, EventLog, HandlerBacklog, InboxEntryRow, LoggedEvent, REPLAYED_AT_ONCE, Selection,
    StatementLimit,
};
pub use outbox::{Delivery, OutboxQueue, RelayOutcome, UnrelayedEvent};
pub use source::{Arrival, Intake, Source, SourceError};
pub use transport::{NotPublished, Transport};
pub use wakeups::{Queue, Wakeup, Wakeups};

use crate::domain::{Subject, Timestamp, TraceParent};

/// An event as it is stored. Its facts are text here: whoever reads them may be older than whoever wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its place in the outbox.
    pub seq: i64,
    /// Names it for ever.
    pub id: Uuid,
    /// What happened, and the version of `data`, such as `svc.user.registered.v1`.
    pub type_name: String,
    /// What it happened to: a user, or a ban of a network.
    pub subject: Subject,
    /// Who did it: a user's id, `operator` or `service`.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// The facts, as the text of a JSON object.
    pub data: String,
    /// In which trace it was caused, when that is known.
    pub trace: Option<TraceParent>,
}

/// The right to work on something for a while. What is done with it counts only while nobody else has claimed the same:
/// whoever was frozen past the end of a lease changes nothing when they go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Tells one claim from every other (a fencing token).
    pub claim: Uuid,
    /// When it begins.
    pub now: Timestamp,
    /// When others may claim the same.
    pub until: Timestamp,
}
