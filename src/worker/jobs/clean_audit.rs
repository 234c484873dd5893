use async_trait::async_trait;

use super::job::{Job, JobPorts, SLICE, Step};
use crate::usecases::Failure;

/// Removes old rows of the audit trail, if that is configured.
pub(super) struct CleanAudit;

#[async_trait]
impl Job for CleanAudit {
    fn name(&self) -> &'static str {
        "clean_audit"
    }

    async fn step(&self, ports: &JobPorts, _position: Option<&str>) -> Result<Step, Failure> {
        let Some(kept) = ports.retention.audit else { return Ok(Step::removed(0)) };
        Ok(Step::removed(ports.store.audit().clean(ports.kept(kept), SLICE).await?))
    }
}
