use async_trait::async_trait;

/// Notifies waiting tasks of possible work. Notifications may be superfluous or missing, so a waiting task
/// must also poll from time to time.
#[async_trait]
pub trait Wakeups: Send + Sync {
    /// Subscribes to the notifications of a queue from now on.
    fn of(&self, queue: Queue) -> Box<dyn Wakeup>;

    /// Listens to notifications from other processes where that is possible; never returns.
    async fn listen(&self);
}

/// A subscription to notifications.
#[async_trait]
pub trait Wakeup: Send {
    /// Returns when work may have arrived since the previous call returned.
    async fn woken(&mut self);
}

/// A queue of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Events to relay.
    Outbox,
    /// Inbox entries to handle.
    Inbox,
}
