use std::sync::Arc;

use super::query::{EventQuery, EventQueryError};
use crate::ports::events::{EventLog, LoggedEvent};
use crate::ports::{Clock, Store};

/// Lists stored events.
pub struct ListEvents {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) event_log: Arc<dyn EventLog>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
}

impl ListEvents {
    /// Returns the matching events, newest first.
    pub async fn run(&self, query: &EventQuery) -> Result<Vec<LoggedEvent>, EventQueryError> {
        let filter = query.resolve(&*self.store, &*self.clock).await?;
        Ok(self.event_log.events(&filter).await?)
    }
}
