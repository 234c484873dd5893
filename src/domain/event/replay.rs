use uuid::Uuid;

use crate::domain::timestamp::Timestamp;

/// The facts about a replay that its event contains: the target, and the numbers that were counted when the
/// operator confirmed it. Without an id and a time, the target is all dead letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayFacts {
    /// The event, if one was replayed.
    pub event_id: Option<Uuid>,
    /// The beginning, if all events since then were replayed.
    pub since: Option<Timestamp>,
    /// The events that are relayed again.
    pub replayed: u64,
    /// The dead letters of handlers that are requeued.
    pub requeued: u64,
    /// The dead letters of the broker that are returned to its inbox queue; `None` if the target has none.
    pub returned: Option<u64>,
}

/// The facts about a deletion of dead letters that its event contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiscardFacts {
    /// The dead letters that are deleted.
    pub discarded: u64,
    /// The dead letters that stay, since each names an event.
    pub kept: u64,
}
