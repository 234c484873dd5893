use std::time::Duration;

use async_trait::async_trait;

use super::job::{Job, JobPorts, SLICE, Step};
use crate::usecases::Failure;

/// Removes events that were relayed and handled, after the configured time.
pub(super) struct CleanEvents;

#[async_trait]
impl Job for CleanEvents {
    fn name(&self) -> &'static str {
        "clean_events"
    }

    fn period(&self) -> Duration {
        Duration::from_mins(10)
    }

    async fn step(&self, ports: &JobPorts, position: Option<&str>) -> Result<Step, Failure> {
        let kept = ports.kept(ports.retention.events);
        Ok(Step::walked(ports.store.outbox().clean(kept, position, SLICE).await?))
    }
}
