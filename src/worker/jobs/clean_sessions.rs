use async_trait::async_trait;

use super::job::{Job, JobPorts, SLICE, Step};
use crate::usecases::Failure;

/// Removes sessions that have ended, after the configured time.
pub(super) struct CleanSessions;

#[async_trait]
impl Job for CleanSessions {
    fn name(&self) -> &'static str {
        "clean_sessions"
    }

    async fn step(&self, ports: &JobPorts, position: Option<&str>) -> Result<Step, Failure> {
        let before = ports.ago(ports.retention.sessions);
        Ok(Step::walked(ports.store.session_cleaner().clean(before, position, SLICE).await?))
    }
}
