use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use tokio::sync::oneshot;

use super::tiered::TieredCache;
use crate::adapters::events::data;
use crate::domain::{Event, Invalidates, Invalidation};
use crate::ports::store::Outbox;
use crate::ports::{Store, StoreError, UnitOfWork};
use crate::tasks::Tasks;
use crate::telemetry::trace;

/// A store that invalidates the copies in the cache after every change, before the change is acknowledged.
///
/// The events of the unit of work determine the invalidations, so no use case has to deal with the cache.
pub struct InvalidatingStore {
    store: Arc<dyn Store>,
    cache: Arc<TieredCache>,
    tasks: Tasks,
}

struct InvalidatingWork {
    work: Box<dyn UnitOfWork>,
    invalidations: Vec<Invalidation>,
    cache: Arc<TieredCache>,
    tasks: Tasks,
}

impl InvalidatingStore {
    /// Creates a store that invalidates this cache on every change in `store`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, cache: Arc<TieredCache>, tasks: Tasks) -> Self {
        Self { store, cache, tasks }
    }
}

#[async_trait]
impl Store for InvalidatingStore {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let work = self.store.begin().await?;
        let (cache, tasks) = (self.cache.clone(), self.tasks.clone());
        Ok(Box::new(InvalidatingWork { work, invalidations: Vec::new(), cache, tasks }))
    }

    fn inner(&self) -> &dyn Store {
        &*self.store
    }
}

#[async_trait]
impl UnitOfWork for InvalidatingWork {
    fn inner(&mut self) -> &mut dyn UnitOfWork {
        &mut *self.work
    }
    fn outbox(&mut self) -> &mut dyn Outbox {
        self
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let Self { work, invalidations, cache, tasks } = *self;
        if invalidations.is_empty() {
            return work.commit().await;
        }
        // If the client disconnects in between, the change must still be announced.
        let (done, committed) = oneshot::channel();
        tasks.spawn(trace::aside(async move {
            let result = AssertUnwindSafe(work.commit()).catch_unwind().await;
            let result = result.unwrap_or_else(|_| Err(StoreError::Corrupt("a commit panicked".to_owned())));
            // After an error too, because the change may have been committed.
            cache.invalidate(&invalidations, true).await;
            let _ = done.send(result);
        }));
        committed.await.unwrap_or_else(|_| Err(StoreError::Unavailable("the process is stopping".to_owned())))
    }
}

#[async_trait]
impl Outbox for InvalidatingWork {
    async fn append(&mut self, event: &Event) -> Result<(), StoreError> {
        self.work.outbox().append(event).await?;
        let event_type = event.kind.event_type();
        if event_type.invalidates() != Invalidates::Nothing {
            let data = data::data(&event.kind);
            self.invalidations.extend(data::invalidation(event_type.name(), event.subject, &data));
        }
        Ok(())
    }
}
