use async_trait::async_trait;

/// Tells those who wait for work that there may be some. It may tell too often, and at times not at all, so whoever waits
/// looks now and then besides.
#[async_trait]
pub trait Wakeups: Send + Sync {
    /// Waits for work of a queue from now on.
    fn of(&self, queue: Queue) -> Box<dyn Wakeup>;

    /// Hears of what other processes do, for ever, where that is possible.
    async fn listen(&self);
}

/// One who waits.
#[async_trait]
pub trait Wakeup: Send {
    /// Ends when there may be work that came since it ended last.
    async fn woken(&mut self);
}

/// Where work waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Events to be handed on.
    Outbox,
    /// Events to be handled.
    Inbox,
}
