//! A store, and a replayer of events, at whose statements a test makes the process abort.

use std::sync::Arc;

use async_trait::async_trait;

use crate::domain::Timestamp;
use crate::ports::events::{EventReplayer, Selection};
use crate::ports::{Store, StoreError, UnitOfWork};
use crate::worker::FailPoints;

/// Passes everything on, and aborts the process where a test has planned it: before a statement of a unit of
/// work, before its commit or after it. Only debug builds plan it.
struct StoreWithFailPoints {
    store: Arc<dyn Store>,
    fail_points: FailPoints,
}

/// The replayer of events, likewise: it aborts the process before a statement that changes something.
struct EventReplayerWithFailPoints {
    replayer: Arc<dyn EventReplayer>,
    fail_points: FailPoints,
}

struct WorkWithFailPoints {
    work: Box<dyn UnitOfWork>,
    fail_points: FailPoints,
}

/// The store, at whose statements the process aborts if a test has planned that.
pub(super) fn store(store: Arc<dyn Store>, fail_points: &FailPoints) -> Arc<dyn Store> {
    if !fail_points.is_planned() {
        return store;
    }
    Arc::new(StoreWithFailPoints { store, fail_points: fail_points.clone() })
}

/// The replayer of events, at whose statements the process aborts if a test has planned that.
pub(super) fn event_replayer(
    replayer: Arc<dyn EventReplayer>,
    fail_points: &FailPoints,
) -> Arc<dyn EventReplayer> {
    if !fail_points.is_planned() {
        return replayer;
    }
    Arc::new(EventReplayerWithFailPoints { replayer, fail_points: fail_points.clone() })
}

#[async_trait]
impl Store for StoreWithFailPoints {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let (work, fail_points) = (self.store.begin().await?, self.fail_points.clone());
        Ok(Box::new(WorkWithFailPoints { work, fail_points }))
    }

    fn inner(&self) -> &dyn Store {
        &*self.store
    }
}

#[async_trait]
impl UnitOfWork for WorkWithFailPoints {
    /// Every table is reached by way of this.
    fn inner(&mut self) -> &mut dyn UnitOfWork {
        self.fail_points.reach(FailPoints::WORK_STATEMENT, None);
        &mut *self.work
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let Self { work, fail_points } = *self;
        fail_points.reach(FailPoints::WORK_STATEMENT, None);
        work.commit().await?;
        fail_points.reach(FailPoints::WORK_COMMITTED, None);
        Ok(())
    }
}

#[async_trait]
impl EventReplayer for EventReplayerWithFailPoints {
    async fn newest(&self) -> Result<i64, StoreError> {
        self.replayer.newest().await
    }

    async fn count(&self, selection: &Selection) -> Result<(u64, u64), StoreError> {
        self.replayer.count(selection).await
    }

    async fn replay(
        &self,
        selection: &Selection,
        after: i64,
        limit: u32,
    ) -> Result<(u64, Option<i64>), StoreError> {
        self.fail_points.reach(FailPoints::REPLAY_STATEMENT, None);
        self.replayer.replay(selection, after, limit).await
    }

    async fn requeue(&self, selection: &Selection, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.fail_points.reach(FailPoints::REPLAY_STATEMENT, None);
        self.replayer.requeue(selection, now, limit).await
    }
}
