use tokio::sync::watch;

use crate::ports::events::Queue;

/// Wakes the tasks of this process that wait for work. The clones of a store share it.
pub(in crate::adapters::sqlx) struct Signals {
    outbox: watch::Sender<()>,
    inbox: watch::Sender<()>,
}

impl Default for Signals {
    fn default() -> Self {
        Self { outbox: watch::Sender::new(()), inbox: watch::Sender::new(()) }
    }
}

impl Signals {
    pub(in crate::adapters::sqlx) fn wake(&self, queue: Queue) {
        self.of(queue).send_replace(());
    }

    pub(super) const fn of(&self, queue: Queue) -> &watch::Sender<()> {
        match queue {
            Queue::Outbox => &self.outbox,
            Queue::Inbox => &self.inbox,
        }
    }
}
