//! Events, for operators: inspect, replay and discard them.

mod confirmation;
mod dead;
mod discard;
mod list;
mod query;
mod replay;
mod show;
mod stats;

pub use confirmation::Confirmation;
pub use dead::{ListDeadLetters, ListedDeadLetters};
pub use discard::{DiscardDeadLetters, DiscardDeadLettersError};
pub use list::ListEvents;
pub use query::{EventQuery, EventQueryError, Since};
pub use replay::{ReplayEvents, ReplayEventsError, ReplayTarget, Replayed};
pub use show::{ShowEvent, ShowEventError, ShownEvent};
pub use stats::{EventStats, QueueStats};
