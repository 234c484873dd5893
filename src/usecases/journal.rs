use std::sync::Arc;

use uuid::Uuid;

use crate::domain::{Actor, Event, EventKind, Subject, Timestamp};
use crate::ports::{Clock, Ids, StoreError, UnitOfWork};

/// Records events: appends each to the outbox, with an id and the time, in the unit of work of its change.
#[derive(Clone)]
pub struct Journal {
    pub(in crate::usecases) clock: Arc<dyn Clock>,
    pub(in crate::usecases) ids: Arc<dyn Ids>,
}

impl Journal {
    /// Appends an event of `kind` that `actor` causes to `subject`.
    pub(super) async fn record(
        &self,
        work: &mut dyn UnitOfWork,
        subject: impl Into<Subject>,
        actor: Actor,
        kind: EventKind,
    ) -> Result<(), StoreError> {
        work.outbox().append(&self.event(subject, actor, kind)).await
    }

    /// Appends an event whose id was made before, because a mailed token is derived from it.
    pub(super) async fn record_as(
        &self,
        id: Uuid,
        work: &mut dyn UnitOfWork,
        subject: impl Into<Subject>,
        actor: Actor,
        kind: EventKind,
    ) -> Result<(), StoreError> {
        work.outbox().append(&Event { id, ..self.event(subject, actor, kind) }).await
    }

    /// An event that the store appends with its change in one statement.
    pub(super) fn event(&self, subject: impl Into<Subject>, actor: Actor, kind: EventKind) -> Event {
        Event::new(self.id(), subject, actor, self.now(), kind)
    }

    /// The current time.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new id. Later ids sort after earlier ones.
    pub(super) fn id(&self) -> Uuid {
        self.ids.uuid()
    }
}
