use async_trait::async_trait;
use uuid::Uuid;

use super::{EventFilter, SourceError};
use crate::domain::Timestamp;

/// The messages that a broker holds, for an operator. Each call has a connection of its own.
#[async_trait]
pub trait DeadLetters: Send + Sync {
    /// What the queues are called, and how many messages wait in each.
    async fn depth(&self) -> Result<Depth, SourceError>;

    /// The messages that nobody took and that match, in the order they came. They stay.
    async fn dead(&self, filter: &EventFilter) -> Result<Vec<DeadLetter>, SourceError>;

    /// Brings back what lies there now, one by one: each is in the queue before it is gone from here, so it may be in both,
    /// and is never in neither. Returns how many.
    async fn replay_all(&self) -> Result<u64, SourceError>;

    /// Takes what lies there now, so that nobody else sees it meanwhile. It is there again when the value is dropped.
    async fn hold(&self) -> Result<Box<dyn ClaimedDeadLetters>, SourceError>;
}

/// Dead letters that are held.
#[async_trait]
pub trait ClaimedDeadLetters: Send + Sync {
    /// In the order they came.
    fn letters(&self) -> &[DeadLetter];

    /// Removes those at these places for good, and lets the others lie.
    async fn discard(self: Box<Self>, places: &[usize]) -> Result<(), SourceError>;
}

/// How many messages wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Depth {
    /// The queue of what is to be handled.
    pub inbox: String,
    /// Waiting there.
    pub waiting: u32,
    /// The queue of what nobody took.
    pub dead_letters: String,
    /// Waiting there.
    pub dead: u32,
}

/// A message that nobody took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Which event it names, if any.
    pub event_id: Option<Uuid>,
    /// Its type, as it says.
    pub type_name: Option<String>,
    /// Whom it happened to, as it says.
    pub subject: Option<String>,
    /// When, as it says.
    pub time: Option<String>,
    /// How often it was delivered before it was given up, where that is why.
    pub attempts: Option<u32>,
    /// Why it lies here.
    pub reason: String,
}

impl DeadLetter {
    /// Whether it is what is looked for, by what it says of itself: that is all that is known of it.
    #[must_use]
    pub fn matches(&self, filter: &EventFilter) -> bool {
        let of_type = filter.type_name.as_ref().is_none_or(|wanted| self.type_name.as_ref() == Some(wanted));
        let user = filter.user.map(|user| user.to_string());
        let of_user = user.is_none_or(|user| self.subject == Some(user));
        let time = || self.time.as_deref().and_then(|time| Timestamp::parse(time).ok());
        of_type && of_user && filter.since.is_none_or(|since| time().is_some_and(|time| time >= since))
    }
}
