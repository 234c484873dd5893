use std::time::Duration;

use async_trait::async_trait;

use super::job::{Job, JobPorts, SLICE, Step};
use crate::usecases::Failure;

/// How long ended bans are kept for operators.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// Removes bans that ended long ago.
pub(super) struct CleanBans;

#[async_trait]
impl Job for CleanBans {
    fn name(&self) -> &'static str {
        "clean_bans"
    }

    async fn step(&self, ports: &JobPorts, _position: Option<&str>) -> Result<Step, Failure> {
        Ok(Step::removed(ports.store.bans().clean(ports.ago(KEPT), SLICE).await?))
    }
}
