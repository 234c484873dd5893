use async_trait::async_trait;

use super::job::{Job, JobPorts, Retention, Step};
use crate::ports::events::PartitionsKept;
use crate::usecases::Failure;

/// Creates the partitions that are needed next, and removes those whose retention is over.
pub(super) struct KeepPartitions;

#[async_trait]
impl Job for KeepPartitions {
    fn name(&self) -> &'static str {
        "partitions"
    }

    async fn step(&self, ports: &JobPorts, position: Option<&str>) -> Result<Step, Failure> {
        let Retention { events, audit, .. } = ports.retention;
        let kept = PartitionsKept { now: ports.clock.now(), events, audit };
        let next = ports.partitions.keep_partitions(&kept, position).await?;
        Ok(Step { removed: None, is_last: next.is_none(), position: next })
    }
}
