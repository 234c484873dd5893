use async_trait::async_trait;

use super::job::{Job, JobPorts, SLICE, Step};
use crate::usecases::Failure;

/// Removes mailed tokens that have expired.
pub(super) struct CleanMailTokens;

#[async_trait]
impl Job for CleanMailTokens {
    fn name(&self) -> &'static str {
        "clean_mail_tokens"
    }

    async fn step(&self, ports: &JobPorts, _position: Option<&str>) -> Result<Step, Failure> {
        Ok(Step::removed(ports.store.mail_tokens().clean(ports.clock.now(), SLICE).await?))
    }
}
