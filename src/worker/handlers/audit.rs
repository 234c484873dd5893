use async_trait::async_trait;

use super::{Handler, HandlerError};
use crate::ports::UnitOfWork;
use crate::ports::events::StoredEvent;

/// Records all events in the audit trail: who did what to which subject, and when.
pub(super) struct AuditTrail;

#[async_trait]
impl Handler for AuditTrail {
    fn name(&self) -> &'static str {
        "audit"
    }

    /// All event types, including those of newer releases.
    fn subscribes_to(&self, _type_name: &str) -> bool {
        true
    }

    fn shares_transactions(&self) -> bool {
        true
    }

    async fn handle(&self, event: &StoredEvent, work: &mut dyn UnitOfWork) -> Result<(), HandlerError> {
        self.handle_all(std::slice::from_ref(event), work).await
    }

    async fn handle_all(
        &self,
        events: &[StoredEvent],
        work: &mut dyn UnitOfWork,
    ) -> Result<(), HandlerError> {
        let events: Vec<_> = events.iter().map(|event| event.id).collect();
        Ok(work.audit().record(&events).await?)
    }
}
