//! Events, for operators: inspect, replay and discard them.

mod dead;
mod discard;
mod list;
mod query;
mod replay;
mod show;
mod stats;

pub use dead::{ListDeadLetters, ListedDeadLetters};
pub use discard::{DiscardDeadLetters, DiscardDeadLettersError, Discarded};
pub use list::ListEvents;
pub use query::{EventQuery, EventQueryError, Since};
pub use replay::{ReplayEvents, ReplayEventsError, ReplayTarget, Replayed};
pub use show::{ShowEvent, ShowEventError, ShownEvent};
pub use stats::{EventStats, QueueStats};

/// Whether an operator confirms a change of many things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// The operator wants to know what would change, and nothing changes.
    DryRun,
    /// The operator has not confirmed, which is an error if there is more than one thing to change.
    Missing,
    /// The operator confirms.
    Given,
}
