//! A store that counts reads by id, and holds a read on request.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use svc::domain::{Account, Ban, Email, Session, SessionId, Timestamp, User, UserId};
use svc::ports::store::{
    BanReader, Cleaned, FeedEntry, Kept, OutboxReader, SessionReader, Store, StoreError, UnitOfWork,
    UserFilter, UserReader,
};
use tokio::sync::oneshot;
use uuid::Uuid;

/// The reads of one store. Clones share them.
#[derive(Clone, Default)]
pub struct Reads {
    count: Arc<AtomicUsize>,
    holds: Arc<Mutex<HashMap<Uuid, Hold>>>,
    no_outbox: Arc<AtomicBool>,
    no_bans: Arc<AtomicBool>,
    bans_refused: Arc<AtomicUsize>,
}

/// A hold on the next read of a row.
struct Hold {
    read: oneshot::Sender<()>,
    released: oneshot::Receiver<()>,
}

/// A read that has the answer of the database but has not returned it. Dropping this releases the read.
pub struct Held {
    read: oneshot::Receiver<()>,
    release: oneshot::Sender<()>,
}

impl Reads {
    /// Wraps a store.
    pub fn around(&self, store: Arc<dyn Store>) -> Arc<dyn Store> {
        Arc::new(WatchedStore { store, reads: self.clone() })
    }

    /// Returns how many users and sessions were looked up by id.
    pub fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }

    /// Holds the next read of this user or session after the database has answered.
    pub fn hold(&self, id: Uuid) -> Held {
        let ((tell, read), (release, released)) = (oneshot::channel(), oneshot::channel());
        self.holds.lock().unwrap().insert(id, Hold { read: tell, released });
        Held { read, release }
    }

    /// Makes all later reads of the outbox fail.
    pub fn forbid_outbox(&self) {
        self.no_outbox.store(true, Ordering::SeqCst);
    }

    /// Makes all later reads of the bans fail, or allows them again.
    pub fn forbid_bans(&self, forbidden: bool) {
        self.no_bans.store(forbidden, Ordering::SeqCst);
    }

    /// Returns how often a read of the bans failed.
    pub fn bans_refused(&self) -> usize {
        self.bans_refused.load(Ordering::SeqCst)
    }

    fn bans(&self) -> Result<(), StoreError> {
        if !self.no_bans.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.bans_refused.fetch_add(1, Ordering::SeqCst);
        Err(StoreError::Unavailable("the bans, on purpose".to_owned()))
    }

    fn outbox(&self) -> Result<(), StoreError> {
        let forbidden = self.no_outbox.load(Ordering::SeqCst);
        if forbidden { Err(StoreError::Unavailable("the outbox, on purpose".to_owned())) } else { Ok(()) }
    }

    async fn watch<T>(&self, id: Uuid, read: impl Future<Output = T>) -> T {
        self.count.fetch_add(1, Ordering::SeqCst);
        // Another read that comes while this one is in progress is not held.
        let hold = self.holds.lock().unwrap().remove(&id);
        let answer = read.await;
        if let Some(hold) = hold {
            let _ = hold.read.send(());
            let _ = hold.released.await;
        }
        answer
    }
}

impl Held {
    /// Waits until the database has answered.
    pub async fn read(&mut self) {
        (&mut self.read).await.unwrap();
    }

    /// Releases the read.
    pub fn release(self) {
        let _ = self.release.send(());
    }
}

struct WatchedStore {
    store: Arc<dyn Store>,
    reads: Reads,
}

#[async_trait]
impl Store for WatchedStore {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        self.store.begin().await
    }

    fn inner(&self) -> &dyn Store {
        &*self.store
    }

    fn users(&self) -> &dyn UserReader {
        self
    }

    fn sessions(&self) -> &dyn SessionReader {
        self
    }

    fn outbox(&self) -> &dyn OutboxReader {
        self
    }

    fn bans(&self) -> &dyn BanReader {
        self
    }
}

#[async_trait]
impl BanReader for WatchedStore {
    async fn version(&self) -> Result<Option<Uuid>, StoreError> {
        self.reads.bans()?;
        self.store.bans().version().await
    }

    async fn live(&self, now: Timestamp) -> Result<Vec<Ban>, StoreError> {
        self.reads.bans()?;
        self.store.bans().live(now).await
    }

    async fn clean(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.store.bans().clean(before, limit).await
    }
}

#[async_trait]
impl OutboxReader for WatchedStore {
    async fn changes(&self, from: i64, to: i64, limit: u32) -> Result<Vec<FeedEntry>, StoreError> {
        self.reads.outbox()?;
        self.store.outbox().changes(from, to, limit).await
    }

    async fn latest(&self, limit: u32) -> Result<Vec<i64>, StoreError> {
        self.reads.outbox()?;
        self.store.outbox().latest(limit).await
    }

    async fn clean(&self, kept: Kept, position: Option<&str>, limit: u32) -> Result<Cleaned, StoreError> {
        self.store.outbox().clean(kept, position, limit).await
    }
}

#[async_trait]
impl SessionReader for WatchedStore {
    async fn find(&self, id: SessionId) -> Result<Option<Session>, StoreError> {
        self.reads.watch(id.0, self.store.sessions().find(id)).await
    }

    async fn find_with_user(&self, id: SessionId) -> Result<Option<(Session, User)>, StoreError> {
        self.store.sessions().find_with_user(id).await
    }

    async fn live_page(
        &self,
        user: UserId,
        now: Timestamp,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError> {
        self.store.sessions().live_page(user, now, after, limit).await
    }

    async fn any_page(
        &self,
        user: Option<UserId>,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<(Session, User)>, StoreError> {
        self.store.sessions().any_page(user, after, limit).await
    }
}

#[async_trait]
impl UserReader for WatchedStore {
    async fn find(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.reads.watch(id.0, self.store.users().find(id)).await
    }

    async fn find_account_by_email(&self, email: &Email) -> Result<Option<Account>, StoreError> {
        self.store.users().find_account_by_email(email).await
    }

    async fn find_account(&self, id: UserId) -> Result<Option<Account>, StoreError> {
        self.store.users().find_account(id).await
    }

    async fn page(
        &self,
        filter: &UserFilter,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<User>, StoreError> {
        self.store.users().page(filter, after, limit).await
    }

    async fn has_other_active_admin(&self, user: UserId) -> Result<bool, StoreError> {
        self.store.users().has_other_active_admin(user).await
    }
}
