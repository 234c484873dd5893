use async_trait::async_trait;

use super::job::{Job, JobPorts, MAIL_PAUSES, SLICE, Step};
use crate::usecases::Failure;

/// Removes the times of requests for mails that are too old to matter.
pub(super) struct CleanMailThrottle;

#[async_trait]
impl Job for CleanMailThrottle {
    fn name(&self) -> &'static str {
        "clean_mail_throttle"
    }

    async fn step(&self, ports: &JobPorts, _position: Option<&str>) -> Result<Step, Failure> {
        let before = ports.ago(MAIL_PAUSES);
        Ok(Step::removed(ports.store.mail_throttle().clean(before, SLICE).await?))
    }
}
