use std::sync::Arc;

use uuid::Uuid;

use crate::ports::events::{EventLog, InboxEntryRow, LoggedEvent};
use crate::usecases::failure::errors;

/// Shows one event.
pub struct ShowEvent {
    pub(in crate::usecases) event_log: Arc<dyn EventLog>,
}

/// An event with the state of its delivery.
#[derive(Clone, Debug)]
pub struct ShownEvent {
    /// The event.
    pub logged: LoggedEvent,
    /// Its inbox entries, by handler.
    pub entries: Vec<InboxEntryRow>,
}

errors! {
    /// Why no event is shown.
    pub enum ShowEventError {
        NotFound(Uuid) = "no event has the ID {0}; processed events are deleted after retention.events",
    }
}

impl ShowEvent {
    /// Returns the event with this id, and its inbox entries.
    pub async fn run(&self, id: Uuid) -> Result<ShownEvent, ShowEventError> {
        let logged = self.event_log.event(id).await?.ok_or(ShowEventError::NotFound(id))?;
        let entries = self.event_log.entries(id).await?;
        Ok(ShownEvent { logged, entries })
    }
}
