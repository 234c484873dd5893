use std::sync::Arc;

use async_trait::async_trait;

use super::handling::handling;
use crate::domain::EventType;
use crate::ports::events::StoredEvent;
use crate::ports::{MailError, StoreError, UnitOfWork};

/// A handler: its name, its subscription and its reaction. Cheap to clone.
#[derive(Clone)]
pub struct Handler {
    name: &'static str,
    subscription: Subscription,
    max_attempts: u32,
    reaction: Reaction,
}

/// The event types that a handler wants.
#[derive(Clone, Copy, Debug)]
pub enum Subscription {
    /// All types, also those of a newer release.
    All,
    /// These types.
    Types(&'static [EventType]),
}

/// The reaction of a handler.
#[derive(Clone)]
pub(in crate::worker) enum Reaction {
    /// Writes to the database, one event per transaction.
    Projection(Arc<dyn Projection>),
    /// Writes to the database, several events per transaction.
    SharedProjection(Arc<dyn Projection>),
    /// Acts outside the database.
    SideEffect(Arc<dyn SideEffect>),
}

/// Writes the consequences of events to the database. All writes to `work` commit together with the mark that
/// the event is done, so they take effect once; events that are appended there are relayed. The events of one
/// subject are handled in order: while one is retried, the later ones wait.
#[async_trait]
pub trait Projection: Send + Sync {
    /// Handles one event, within ten seconds.
    async fn apply(&self, event: &StoredEvent, work: &mut dyn UnitOfWork) -> Result<(), HandlerError>;

    /// Handles several events in one transaction, in order. Override it if there is a faster way than one by
    /// one. The effects of each event have its cause.
    async fn apply_all(&self, events: &[StoredEvent], work: &mut dyn UnitOfWork) -> Result<(), HandlerError> {
        for event in events {
            handling(event, self.apply(event, work)).await?;
        }
        Ok(())
    }
}

/// Acts outside the database, such as by sending a mail, while no transaction is open.
#[async_trait]
pub trait SideEffect: Send + Sync {
    /// Handles one event, within ten seconds.
    ///
    /// It may run again: after an error, and if the process dies before the event is marked as done. Use
    /// `event.id` to make it idempotent.
    async fn perform(&self, event: &StoredEvent) -> Result<(), HandlerError>;
}

impl Handler {
    /// A handler that writes to the database. Its name must never change: it identifies the handler in the
    /// inbox.
    #[must_use]
    pub fn projection(
        name: &'static str,
        subscription: Subscription,
        projection: impl Projection + 'static,
    ) -> Self {
        Self::new(name, subscription, Reaction::Projection(Arc::new(projection)))
    }

    /// A handler that writes to the database, several events in one transaction, which is faster for a long
    /// backlog. They share ten seconds; if they fail, they are handled one by one. See
    /// [`projection`](Self::projection) for the name.
    #[must_use]
    pub fn shared_projection(
        name: &'static str,
        subscription: Subscription,
        projection: impl Projection + 'static,
    ) -> Self {
        Self::new(name, subscription, Reaction::SharedProjection(Arc::new(projection)))
    }

    /// A handler that acts outside the database. See [`projection`](Self::projection) for the name.
    #[must_use]
    pub fn side_effect(
        name: &'static str,
        subscription: Subscription,
        side_effect: impl SideEffect + 'static,
    ) -> Self {
        Self::new(name, subscription, Reaction::SideEffect(Arc::new(side_effect)))
    }

    /// Dead-letters an event after this number of attempts instead of 10.
    #[must_use]
    pub const fn with_max_attempts(mut self, max_attempts: u32) -> Self {
        self.max_attempts = max_attempts;
        self
    }

    /// The name, which never changes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    const fn new(name: &'static str, subscription: Subscription, reaction: Reaction) -> Self {
        Self { name, subscription, max_attempts: 10, reaction }
    }

    pub(in crate::worker) const fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    pub(in crate::worker) const fn reaction(&self) -> &Reaction {
        &self.reaction
    }

    pub(in crate::worker) const fn shares_transactions(&self) -> bool {
        matches!(self.reaction, Reaction::SharedProjection(_))
    }

    /// Refuses an event of a type that the handler does not know: a process of a newer release delivered it.
    /// It is retried, so that a process of that release gets a later attempt.
    pub(in crate::worker) fn check_type(&self, event: &StoredEvent) -> Result<(), HandlerError> {
        if self.subscribes_to(&event.type_name) {
            return Ok(());
        }
        let why = format!("this release has no reaction to {}; a newer one may have it", event.type_name);
        Err(HandlerError::Failed(why))
    }

    pub(super) fn subscribes_to(&self, type_name: &str) -> bool {
        match self.subscription {
            Subscription::All => true,
            Subscription::Types(types) => types.iter().any(|wanted| wanted.name() == type_name),
        }
    }
}

/// Why an event could not be handled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandlerError {
    /// The database failed. Retried.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Any other failure. Retried. The text is for operators.
    #[error("{0}")]
    Failed(String),
    /// A failure that a retry would repeat: dead-lettered at once. The text is for operators.
    #[error("{0}")]
    Permanent(String),
}

impl HandlerError {
    /// The kind of failure, for a span.
    pub(in crate::worker) const fn kind(&self) -> &'static str {
        match self {
            Self::Store(_) => "store",
            Self::Failed(_) => "failed",
            Self::Permanent(_) => "permanent",
        }
    }
}

impl From<MailError> for HandlerError {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Temporary(reason) => Self::Failed(reason),
            MailError::Permanent(reason) => Self::Permanent(reason),
        }
    }
}
