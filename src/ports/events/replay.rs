use async_trait::async_trait;
use uuid::Uuid;

use crate::domain::Timestamp;
use crate::ports::store::StoreError;

/// Replays events, and requeues dead letters, for an operator.
#[async_trait]
pub trait EventReplayer: Send + Sync {
    /// The position of the newest event; 0 if there is none.
    async fn newest(&self) -> Result<i64, StoreError>;

    /// The number of events that a replay would relay again, and of dead letters that it would requeue.
    async fn count(&self, selection: &Selection) -> Result<(u64, u64), StoreError>;

    /// Marks relayed events to be relayed again: the next `limit` after position `after`. A handler that has
    /// finished an event does not handle it twice. Returns the number of events and the next position; `None`
    /// at the end.
    async fn replay(
        &self,
        selection: &Selection,
        after: i64,
        limit: u32,
    ) -> Result<(u64, Option<i64>), StoreError>;

    /// Requeues at most `limit` dead letters. Returns their number.
    async fn requeue(&self, selection: &Selection, now: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

/// The maximum number of events that one call of [`EventReplayer::replay`] relays again.
pub const REPLAYED_AT_ONCE: u32 = 500;

/// The maximum number of dead letters that one call of [`EventReplayer::requeue`] requeues.
pub const REQUEUED_AT_ONCE: u32 = 200;

/// The events and dead letters to replay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// One event and its dead letters.
    One(Uuid),
    /// All events since a time, up to a position, and their dead letters. The bound keeps the event of the
    /// replay out of it.
    Since {
        /// The time.
        since: Timestamp,
        /// The last position.
        until: i64,
    },
    /// All dead letters, and no event.
    Dead,
}
