use async_trait::async_trait;

use super::handler::{Handler, HandlerError, Projection, Subscription};
use crate::ports::UnitOfWork;
use crate::ports::events::StoredEvent;

/// Records every event in the audit trail.
struct AuditTrail;

pub(super) fn handler() -> Handler {
    Handler::shared_projection("audit", Subscription::All, AuditTrail)
}

#[async_trait]
impl Projection for AuditTrail {
    async fn apply(&self, event: &StoredEvent, work: &mut dyn UnitOfWork) -> Result<(), HandlerError> {
        self.apply_all(std::slice::from_ref(event), work).await
    }

    async fn apply_all(&self, events: &[StoredEvent], work: &mut dyn UnitOfWork) -> Result<(), HandlerError> {
        let events: Vec<_> = events.iter().map(|event| event.id).collect();
        Ok(work.audit().record(&events).await?)
    }
}
