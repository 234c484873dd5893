//! A store at whose statements a test makes the process abort.

use std::sync::Arc;

use async_trait::async_trait;

use crate::ports::{Store, StoreError, UnitOfWork};
use crate::worker::FailPoints;

/// Passes everything on, and aborts the process where a test has planned it: before a statement of a unit of
/// work, before its commit or after it. Only debug builds plan it.
pub(super) struct StoreWithFailPoints {
    store: Arc<dyn Store>,
    fail_points: FailPoints,
}

struct WorkWithFailPoints {
    work: Box<dyn UnitOfWork>,
    fail_points: FailPoints,
}

impl StoreWithFailPoints {
    pub(super) fn new(store: Arc<dyn Store>, fail_points: FailPoints) -> Self {
        Self { store, fail_points }
    }
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
