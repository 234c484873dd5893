use async_trait::async_trait;

use super::job::{Job, JobPorts, MAIL_PAUSES, SLICE, Step};
use crate::usecases::Failure;

/// Removes processed requests for mails that are too old to matter.
pub(super) struct CleanMailRequests;

#[async_trait]
impl Job for CleanMailRequests {
    fn name(&self) -> &'static str {
        "clean_mail_requests"
    }

    async fn step(&self, ports: &JobPorts, _position: Option<&str>) -> Result<Step, Failure> {
        let before = ports.ago(MAIL_PAUSES);
        Ok(Step::removed(ports.store.mail_requests().clean(before, SLICE).await?))
    }
}
