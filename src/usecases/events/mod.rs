//! Events, for operators: inspect, replay and discard them.

mod confirmation;
mod dead;
mod discard;
mod list;
mod query;
mod replay;
mod show;
mod stats;

use super::use_cases::use_cases;
pub use confirmation::Confirmation;
pub use dead::{ListDeadLetters, ListedDeadLetters};
pub use discard::{DiscardDeadLetters, DiscardDeadLettersError};
pub use list::ListEvents;
pub use query::{EventQuery, EventQueryError, Since};
pub use replay::{ReplayEvents, ReplayEventsError, ReplayTarget, Replayed};
pub use show::{ShowEvent, ShowEventError, ShownEvent};
pub use stats::{EventStats, QueueStats};

use_cases! {
    dead: ListDeadLetters { store, event_log, dead_letters, clock },
    discard: DiscardDeadLetters { store, event_log, dead_letters, journal },
    list: ListEvents { store, event_log, clock },
    replay: ReplayEvents { store, event_log, event_replayer, dead_letters, journal },
    show: ShowEvent { event_log },
    stats: EventStats { backlog, dead_letters, handler_names, clock },
}
