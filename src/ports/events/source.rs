use async_trait::async_trait;
use uuid::Uuid;

/// Where events come back from that a [`Transport`](super::Transport) carried away.
#[async_trait]
pub trait Source: Send + Sync {
    /// Connects and begins to take messages, in bounded time.
    async fn open(&self) -> Result<Box<dyn Intake>, SourceError>;
}

/// Messages as they come, over one connection. Those that are neither accepted nor refused come again over the next one.
#[async_trait]
pub trait Intake: Send {
    /// Waits for messages: one or more, at most `limit`. Those that cannot be read are refused on the way. An error, the
    /// end of the stream and silence alike are the end of the connection.
    async fn next(&mut self, limit: usize) -> Result<Vec<Arrival>, SourceError>;

    /// Has the broker forget all of these and what came before them.
    async fn accept(&mut self, arrivals: &[Arrival]) -> Result<(), SourceError>;

    /// Has the broker put these where an operator finds them. Before the rest of their batch is accepted.
    async fn refuse(&mut self, arrivals: &[Arrival]) -> Result<(), SourceError>;

    /// Gives back what is left and takes leave, in bounded time.
    async fn close(self: Box<Self>);
}

/// A message that names an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The event.
    pub event_id: Uuid,
    /// What the connection calls the message.
    pub tag: u64,
}

/// The connection is over, or never began. Texts are for operators.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SourceError(pub String);
