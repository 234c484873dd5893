use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use tokio::sync::oneshot;

use super::TieredCache;
use crate::adapters::events::data;
use crate::domain::{Event, Invalidation};
use crate::ports::events::{Audit, Inbox};
use crate::ports::store::{
    BanReader, Bans, MailRequestQueue, MailRequests, MailThrottle, MailTokenReader, MailTokenRecords, Outbox,
    OutboxReader, SessionStore, Sessions, SigningKeyReader, SigningKeys, UserReader, Users,
};
use crate::ports::{Store, StoreError, UnitOfWork};
use crate::tasks::Tasks;

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

    fn users(&self) -> &dyn UserReader {
        self.store.users()
    }

    fn sessions(&self) -> &dyn SessionStore {
        self.store.sessions()
    }

    fn signing_keys(&self) -> &dyn SigningKeyReader {
        self.store.signing_keys()
    }

    fn mail_tokens(&self) -> &dyn MailTokenReader {
        self.store.mail_tokens()
    }

    fn mail_requests(&self) -> &dyn MailRequestQueue {
        self.store.mail_requests()
    }

    fn outbox(&self) -> &dyn OutboxReader {
        self.store.outbox()
    }

    fn bans(&self) -> &dyn BanReader {
        self.store.bans()
    }
}

#[async_trait]
impl UnitOfWork for InvalidatingWork {
    fn users(&mut self) -> &mut dyn Users {
        self.work.users()
    }

    fn sessions(&mut self) -> &mut dyn Sessions {
        self.work.sessions()
    }

    fn signing_keys(&mut self) -> &mut dyn SigningKeys {
        self.work.signing_keys()
    }

    fn mail_tokens(&mut self) -> &mut dyn MailTokenRecords {
        self.work.mail_tokens()
    }

    fn mail_requests(&mut self) -> &mut dyn MailRequests {
        self.work.mail_requests()
    }

    fn mail_throttle(&mut self) -> &mut dyn MailThrottle {
        self.work.mail_throttle()
    }

    fn bans(&mut self) -> &mut dyn Bans {
        self.work.bans()
    }

    fn outbox(&mut self) -> &mut dyn Outbox {
        self
    }

    fn inbox(&mut self) -> &mut dyn Inbox {
        self.work.inbox()
    }

    fn audit(&mut self) -> &mut dyn Audit {
        self.work.audit()
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let Self { work, invalidations, cache, tasks } = *self;
        if invalidations.is_empty() {
            return work.commit().await;
        }
        // If the client disconnects in between, the change must still be announced.
        let (done, committed) = oneshot::channel();
        tasks.spawn(async move {
            let result = AssertUnwindSafe(work.commit()).catch_unwind().await;
            let result = result.unwrap_or_else(|_| Err(StoreError::Corrupt("a commit panicked".to_owned())));
            // After an error too, because the change may have been committed.
            cache.invalidate(&invalidations, true).await;
            let _ = done.send(result);
        });
        committed.await.unwrap_or_else(|_| Err(StoreError::Unavailable("the process is stopping".to_owned())))
    }
}

#[async_trait]
impl Outbox for InvalidatingWork {
    async fn append(&mut self, event: &Event) -> Result<(), StoreError> {
        self.work.outbox().append(event).await?;
        if event.kind.changes_something() {
            self.invalidations.extend(data::invalidation(event.subject, &data::data(&event.kind)));
        }
        Ok(())
    }
}
