//! Handlers that note what they get, and fail when they are told to.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use svc::domain::UserId;
use svc::ports::UnitOfWork;
use svc::ports::events::StoredEvent;
use svc::worker::handlers::{Handler, HandlerError};
use uuid::Uuid;

/// What a handler does about an event, once it is noted.
type Effect = dyn Fn(&StoredEvent) -> Result<(), HandlerError> + Send + Sync;

/// Notes every event it gets, whether it fails then or not.
pub struct Recorder {
    name: &'static str,
    seen: Mutex<Vec<(UserId, Uuid)>>,
    effect: Box<Effect>,
    shares: bool,
}

impl Recorder {
    /// One that does nothing else.
    pub fn new(name: &'static str) -> Arc<Self> {
        Self::with(name, |_| Ok(()))
    }

    /// One that then does this.
    pub fn with(
        name: &'static str,
        effect: impl Fn(&StoredEvent) -> Result<(), HandlerError> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self { name, seen: Mutex::default(), effect: Box::new(effect), shares: false })
    }

    /// The same, with several events in one transaction.
    pub fn sharing(
        name: &'static str,
        effect: impl Fn(&StoredEvent) -> Result<(), HandlerError> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self { name, seen: Mutex::default(), effect: Box::new(effect), shares: true })
    }

    /// How often it was begun.
    pub fn begun(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// The events of a user that it got, in that order.
    pub fn of(&self, user: UserId) -> Vec<Uuid> {
        self.seen.lock().unwrap().iter().filter(|(whose, _)| *whose == user).map(|(_, id)| *id).collect()
    }
}

#[async_trait]
impl Handler for Recorder {
    fn name(&self) -> &'static str {
        self.name
    }

    fn subscribes_to(&self, _type_name: &str) -> bool {
        true
    }

    fn shares_transactions(&self) -> bool {
        self.shares
    }

    async fn handle(&self, event: &StoredEvent, work: &mut dyn UnitOfWork) -> Result<(), HandlerError> {
        // What is written before a failure is undone with it.
        work.audit().record(&[event.id]).await?;
        self.seen.lock().unwrap().push((event.subject.as_user(), event.id));
        (self.effect)(event)
    }
}
