use async_trait::async_trait;

use super::error::StoreError;
use crate::domain::Timestamp;

/// What waits in the queues of requests that a worker answers, for operators.
#[async_trait]
pub trait RequestBacklogs: Send + Sync {
    /// The current backlog of each queue, without answered requests.
    async fn request_backlogs(&self) -> Result<Vec<RequestBacklog>, StoreError>;
}

/// The backlog of one queue of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestBacklog {
    /// The name of the queue.
    pub queue: &'static str,
    /// Requests without an answer.
    pub waiting: i64,
    /// When the oldest of them was made.
    pub oldest: Option<Timestamp>,
}
