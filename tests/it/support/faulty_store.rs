//! A store that fails or hangs on request.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use svc::domain::{
    Account, ClaimedMailRequest, Email, Event, MailRequest, PasswordHash, Session, SessionId, SignedSessions,
    Timestamp, User, UserId,
};
use svc::ports::events::Lease;
use svc::ports::store::{
    Cleaned, MailRequestQueue, Rotated, Rotation, Rotations, SessionCleaner, SessionReader, SessionStarts,
    SignedSessionReader, Started, Store, StoreError, UnitOfWork, UserFilter, UserReader,
};
use tokio::sync::Barrier;

/// The effect of a fault on the call that meets it.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// The call is not executed.
    Before,
    /// The call is executed, and its answer is lost.
    After,
    /// The call is executed, and never answers.
    Silence,
}

/// A plan of when the store fails. Clones share it.
#[derive(Clone, Default)]
pub struct Faults {
    next: Arc<Mutex<Option<(usize, Fault)>>>,
    gathering: Arc<Mutex<Option<Arc<Barrier>>>>,
}

impl Faults {
    /// Returns a function that wraps a store in one that fails by this plan.
    pub fn wrap(&self) -> impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store> + use<> {
        let faults = self.clone();
        move |store| FaultyStore::around(store, faults)
    }

    /// Lets `calls` calls of the store succeed; the next one meets the fault, and no other.
    pub fn after(&self, calls: usize, fault: Fault) {
        *self.next.lock().unwrap() = Some((calls, fault));
    }

    /// Cancels a fault that no call has met. Returns whether a call had met it.
    pub fn was_met(&self) -> bool {
        self.next.lock().unwrap().take().is_none()
    }

    /// Blocks each rotation until `count` of them have arrived.
    pub fn gather_rotations(&self, count: usize) {
        *self.gathering.lock().unwrap() = Some(Arc::new(Barrier::new(count)));
    }

    async fn gather(&self) {
        let barrier = self.gathering.lock().unwrap().clone();
        if let Some(barrier) = barrier {
            barrier.wait().await;
        }
    }

    fn meet(&self) -> Option<Fault> {
        let mut plan = self.next.lock().unwrap();
        let (calls, fault) = plan.take()?;
        if calls == 0 {
            return Some(fault);
        }
        *plan = Some((calls - 1, fault));
        None
    }

    async fn around<T>(&self, call: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        let lost = || StoreError::Unavailable("a fault on purpose".to_owned());
        match self.meet() {
            None => call.await,
            Some(Fault::Before) => Err(lost()),
            Some(Fault::After) => call.await.and_then(|_| Err(lost())),
            Some(Fault::Silence) => {
                let _ = call.await;
                std::future::pending().await
            }
        }
    }
}

/// Wraps a store. Faults do not affect statements inside a unit of work: before the commit everything is
/// rolled back anyway, whichever statement was the last.
#[derive(Clone)]
pub struct FaultyStore {
    store: Arc<dyn Store>,
    faults: Faults,
}

struct FaultyWork {
    work: Box<dyn UnitOfWork>,
    faults: Faults,
}

impl FaultyStore {
    pub fn around(store: Arc<dyn Store>, faults: Faults) -> Arc<dyn Store> {
        Arc::new(Self { store, faults })
    }
}

#[async_trait]
impl Store for FaultyStore {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let work = self.faults.around(self.store.begin()).await?;
        Ok(Box::new(FaultyWork { work, faults: self.faults.clone() }))
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

    fn session_starts(&self) -> &dyn SessionStarts {
        self
    }

    fn rotations(&self) -> &dyn Rotations {
        self
    }

    fn signed_sessions(&self) -> &dyn SignedSessionReader {
        self
    }

    fn session_cleaner(&self) -> &dyn SessionCleaner {
        self
    }

    fn mail_requests(&self) -> &dyn MailRequestQueue {
        self
    }
}

#[async_trait]
impl MailRequestQueue for FaultyStore {
    async fn record(&self, request: &MailRequest) -> Result<(), StoreError> {
        self.faults.around(self.store.mail_requests().record(request)).await
    }

    async fn is_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        self.faults.around(self.store.mail_requests().is_due(now)).await
    }

    async fn claim_due(&self, lease: &Lease, limit: u32) -> Result<Vec<ClaimedMailRequest>, StoreError> {
        self.faults.around(self.store.mail_requests().claim_due(lease, limit)).await
    }

    async fn clean(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.faults.around(self.store.mail_requests().clean(before, limit)).await
    }
}

#[async_trait]
impl SessionReader for FaultyStore {
    async fn find(&self, id: SessionId) -> Result<Option<Session>, StoreError> {
        self.faults.around(self.store.sessions().find(id)).await
    }

    async fn find_with_user(&self, id: SessionId) -> Result<Option<(Session, User)>, StoreError> {
        self.faults.around(self.store.sessions().find_with_user(id)).await
    }

    async fn live_page(
        &self,
        user: UserId,
        now: Timestamp,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError> {
        self.faults.around(self.store.sessions().live_page(user, now, after, limit)).await
    }

    async fn any_page(
        &self,
        user: Option<UserId>,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<(Session, User)>, StoreError> {
        self.faults.around(self.store.sessions().any_page(user, after, limit)).await
    }
}

#[async_trait]
impl SessionStarts for FaultyStore {
    async fn start(
        &self,
        session: &Session,
        hash: &PasswordHash,
        started: &Event,
        most: u32,
    ) -> Result<Started, StoreError> {
        self.faults.around(self.store.session_starts().start(session, hash, started, most)).await
    }
}

#[async_trait]
impl Rotations for FaultyStore {
    async fn rotate(&self, rotation: &Rotation) -> Result<Option<Rotated>, StoreError> {
        // Holds no connection while it waits, so that more callers can gather than there are connections.
        self.faults.gather().await;
        self.faults.around(self.store.rotations().rotate(rotation)).await
    }
}

#[async_trait]
impl SignedSessionReader for FaultyStore {
    async fn users_among(
        &self,
        signed: SignedSessions,
        after: Option<SessionId>,
    ) -> Result<(Vec<UserId>, Option<SessionId>), StoreError> {
        self.faults.around(self.store.signed_sessions().users_among(signed, after)).await
    }
}

#[async_trait]
impl SessionCleaner for FaultyStore {
    async fn clean(
        &self,
        before: Timestamp,
        position: Option<&str>,
        limit: u32,
    ) -> Result<Cleaned, StoreError> {
        self.faults.around(self.store.session_cleaner().clean(before, position, limit)).await
    }
}

#[async_trait]
impl UserReader for FaultyStore {
    async fn find(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.faults.around(self.store.users().find(id)).await
    }

    async fn find_account_by_email(&self, email: &Email) -> Result<Option<Account>, StoreError> {
        self.faults.around(self.store.users().find_account_by_email(email)).await
    }

    async fn find_account(&self, id: UserId) -> Result<Option<Account>, StoreError> {
        self.faults.around(self.store.users().find_account(id)).await
    }

    async fn page(
        &self,
        filter: &UserFilter,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<User>, StoreError> {
        self.faults.around(self.store.users().page(filter, after, limit)).await
    }

    async fn has_other_active_admin(&self, user: UserId) -> Result<bool, StoreError> {
        self.faults.around(self.store.users().has_other_active_admin(user)).await
    }
}

#[async_trait]
impl UnitOfWork for FaultyWork {
    fn inner(&mut self) -> &mut dyn UnitOfWork {
        &mut *self.work
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let Self { work, faults } = *self;
        faults.around(work.commit()).await
    }
}
