use async_trait::async_trait;
use uuid::Uuid;

use super::log::EventFilter;
use super::source::SourceError;
use crate::domain::Timestamp;

/// The queues of a broker as an operator sees them. Each call opens its own connection.
#[async_trait]
pub trait DeadLetters: Send + Sync {
    /// The names of the queues and the number of messages in each.
    async fn depth(&self) -> Result<Depth, SourceError>;

    /// The matching dead letters, in the order in which they arrived. They stay in the queue.
    async fn dead(&self, filter: &EventFilter) -> Result<Vec<DeadLetter>, SourceError>;

    /// Moves the present dead letters back to the inbox queue, one by one, and returns their number. Each is
    /// published there before it is removed here, so a message may be in both queues, but never in neither.
    async fn replay_all(&self) -> Result<u64, SourceError>;

    /// Claims the present dead letters, so that no other client sees them. Dropping the value returns them to
    /// the queue.
    async fn hold(&self) -> Result<Box<dyn ClaimedDeadLetters>, SourceError>;
}

/// Dead letters that this client has claimed.
#[async_trait]
pub trait ClaimedDeadLetters: Send + Sync {
    /// The messages, in the order in which they arrived.
    fn letters(&self) -> &[DeadLetter];

    /// Deletes the messages at these indexes permanently, and returns the others to the queue.
    async fn discard(self: Box<Self>, places: &[usize]) -> Result<(), SourceError>;
}

/// The number of messages per queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Depth {
    /// The name of the queue of events to handle.
    pub inbox: String,
    /// The number of messages in it.
    pub waiting: u32,
    /// The name of the queue of dead letters.
    pub dead_letters: String,
    /// The number of messages in it.
    pub dead: u32,
}

/// A message that the broker moved to the queue of dead letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// The id of its event, if it has one.
    pub event_id: Option<Uuid>,
    /// The event type that it states.
    pub type_name: Option<String>,
    /// The subject that it states.
    pub subject: Option<String>,
    /// The time that it states.
    pub time: Option<String>,
    /// The number of deliveries before it was dead-lettered, if too many of them are the reason.
    pub attempts: Option<u32>,
    /// Why it was dead-lettered.
    pub reason: String,
}

impl DeadLetter {
    /// Whether the message matches, by the properties that it states. Nothing else is known about it.
    #[must_use]
    pub fn matches(&self, filter: &EventFilter) -> bool {
        let of_type = filter.type_name.as_ref().is_none_or(|wanted| self.type_name.as_ref() == Some(wanted));
        let user = filter.user.map(|user| user.to_string());
        let of_user = user.is_none_or(|user| self.subject == Some(user));
        let time = || self.time.as_deref().and_then(|time| Timestamp::parse(time).ok());
        of_type && of_user && filter.since.is_none_or(|since| time().is_some_and(|time| time >= since))
    }
}
