use std::sync::Arc;

use crate::ports::events::AuditRow;
use crate::ports::{Clock, Store};
use crate::usecases::events::{EventQuery, EventQueryError};

/// Lists the audit trail.
pub struct ListAudit {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
}

impl ListAudit {
    /// Returns the rows of matching events, newest first.
    pub async fn run(&self, query: &EventQuery) -> Result<Vec<AuditRow>, EventQueryError> {
        let filter = query.resolve(&*self.store, &*self.clock).await?;
        Ok(self.store.audit().list(&filter).await?)
    }
}
