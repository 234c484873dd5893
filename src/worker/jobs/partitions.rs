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
        if !ports.partitions.agree_with(kept.now).await? {
            return Ok(Step { removed: None, is_last: true, position: None });
        }
        // First, so that a table that cannot be removed never delays the next one that is needed.
        if position.is_none() {
            ports.partitions.create_partitions(&kept).await?;
        }
        let next = ports.partitions.remove_partitions(&kept, position).await?.next;
        Ok(Step { removed: None, is_last: next.is_none(), position: next })
    }
}
