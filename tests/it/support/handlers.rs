//! Handlers that record their events, and fail on request.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use svc::domain::UserId;
use svc::ports::UnitOfWork;
use svc::ports::events::StoredEvent;
use svc::worker::handlers::{Handler, HandlerError, Projection, Subscription};
use uuid::Uuid;

/// What a handler does with an event after recording it.
type Effect = dyn Fn(&StoredEvent) -> Result<(), HandlerError> + Send + Sync;

/// Records every event that it gets, even if it then fails.
pub struct Recorder {
    name: &'static str,
    seen: Mutex<Vec<(UserId, Uuid)>>,
    effect: Box<Effect>,
    shares: bool,
}

impl Recorder {
    /// Makes a handler that only records.
    pub fn new(name: &'static str) -> Arc<Self> {
        Self::with(name, |_| Ok(()))
    }

    /// Makes a handler that also runs this effect.
    pub fn with(
        name: &'static str,
        effect: impl Fn(&StoredEvent) -> Result<(), HandlerError> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self { name, seen: Mutex::default(), effect: Box::new(effect), shares: false })
    }

    /// Makes a handler that handles several events in one transaction, and runs this effect on each.
    pub fn sharing(
        name: &'static str,
        effect: impl Fn(&StoredEvent) -> Result<(), HandlerError> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self { name, seen: Mutex::default(), effect: Box::new(effect), shares: true })
    }

    /// The handler for the container.
    pub fn handler(self: &Arc<Self>) -> Handler {
        let make = if self.shares { Handler::shared_projection } else { Handler::projection };
        make(self.name, Subscription::All, Recording(self.clone()))
    }

    /// Returns the number of attempts.
    pub fn begun(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// Returns the events of a user that it got, in that order.
    pub fn of(&self, user: UserId) -> Vec<Uuid> {
        self.seen.lock().unwrap().iter().filter(|(whose, _)| *whose == user).map(|(_, id)| *id).collect()
    }
}

/// The reaction of a recorder.
struct Recording(Arc<Recorder>);

#[async_trait]
impl Projection for Recording {
    async fn apply(&self, event: &StoredEvent, work: &mut dyn UnitOfWork) -> Result<(), HandlerError> {
        // Written before a possible failure, which must roll it back.
        work.audit().record(&[event.id]).await?;
        self.0.seen.lock().unwrap().push((event.subject.as_user(), event.id));
        (self.0.effect)(event)
    }
}
