use async_trait::async_trait;
use uuid::Uuid;

/// Receives the events that a [`Transport`](super::transport::Transport) published.
#[async_trait]
pub trait Source: Send + Sync {
    /// Connects and starts to receive messages, in bounded time.
    async fn open(&self) -> Result<Box<dyn Intake>, SourceError>;
}

/// The messages of one connection. A message that is neither acked nor rejected is delivered again on the
/// next connection.
#[async_trait]
pub trait Intake: Send {
    /// Waits for messages: at least one, at most `limit`. Rejects unreadable messages. An error, the end of
    /// the stream and prolonged silence all end the connection.
    async fn next(&mut self, limit: usize) -> Result<Vec<Arrival>, SourceError>;

    /// Acks these messages and all messages before them.
    async fn ack(&mut self, arrivals: &[Arrival]) -> Result<(), SourceError>;

    /// Rejects these messages, so that the broker moves them to the queue of dead letters. Call it before the
    /// rest of the batch is acked.
    async fn reject(&mut self, arrivals: &[Arrival]) -> Result<(), SourceError>;

    /// Returns unfinished messages to the broker and closes the connection, in bounded time.
    async fn close(self: Box<Self>);
}

/// A message that identifies an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The id of the event.
    pub event_id: Uuid,
    /// The broker's delivery tag of the message.
    pub tag: u64,
}

/// The connection failed or could not be opened. The text is for operators.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SourceError(pub String);
