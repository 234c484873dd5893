use std::time::Duration;

use async_trait::async_trait;

use super::job::{Job, JobPorts, Step};
use crate::usecases::Failure;

/// Counts the hashes of all accounts by their cost. The position is stored with the count.
pub(super) struct CountHashes;

#[async_trait]
impl Job for CountHashes {
    fn name(&self) -> &'static str {
        "count_hashes"
    }

    fn period(&self) -> Duration {
        Duration::from_mins(10)
    }

    async fn step(&self, ports: &JobPorts, _position: Option<&str>) -> Result<Step, Failure> {
        Ok(Step::read(ports.use_cases.passwords.count_hashes.run().await?))
    }
}
