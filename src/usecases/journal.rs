use std::sync::Arc;

use uuid::Uuid;

use crate::domain::{Actor, Event, EventKind, Subject, Timestamp};
use crate::ports::{Clock, Ids, StoreError, UnitOfWork};

/// The clock, the ids and the outbox of a use case, so that one line appends an event.
///
/// A change has one time: the use case reads [`Journal::now`] once, and passes it to the rows and to the
/// events of the change. A reader can then find the event of a row by its time.
#[derive(Clone)]
pub(super) struct Journal {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
    /// Whether events about a user contain their metadata.
    pub(super) include_metadata: bool,
}

impl Journal {
    /// Appends an event of `kind` that `actor` causes to `subject`, in the unit of work of its change. `at`
    /// is the time of the change.
    pub async fn append(
        &self,
        work: &mut dyn UnitOfWork,
        subject: impl Into<Subject>,
        actor: Actor,
        at: Timestamp,
        kind: EventKind,
    ) -> Result<(), StoreError> {
        self.append_as(work, self.id(), subject, actor, at, kind).await
    }

    /// Appends an event whose id was made before, because a mailed token is derived from it.
    pub async fn append_as(
        &self,
        work: &mut dyn UnitOfWork,
        id: Uuid,
        subject: impl Into<Subject>,
        actor: Actor,
        at: Timestamp,
        kind: EventKind,
    ) -> Result<(), StoreError> {
        let event = Event::new(id, subject, actor, at, kind).with_metadata(self.include_metadata);
        work.outbox().append(&event).await
    }

    /// An event that the store appends with its change in one statement.
    pub fn event(&self, subject: impl Into<Subject>, actor: Actor, at: Timestamp, kind: EventKind) -> Event {
        Event::new(self.id(), subject, actor, at, kind).with_metadata(self.include_metadata)
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new id. Later ids sort after earlier ones.
    pub fn id(&self) -> Uuid {
        self.ids.uuid()
    }
}
