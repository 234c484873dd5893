use std::time::Duration;

use async_trait::async_trait;

use super::job::{Job, JobPorts, Step};
use crate::usecases::{ChangeKeyError, Failure};

/// Makes each change of the signing keys whose time has come.
pub(super) struct RotateKeys;

#[async_trait]
impl Job for RotateKeys {
    fn name(&self) -> &'static str {
        "rotate_keys"
    }

    fn period(&self) -> Duration {
        Duration::from_mins(1)
    }

    async fn step(&self, ports: &JobPorts, _position: Option<&str>) -> Result<Step, Failure> {
        let done = ports.use_cases.keys.keep_up.run().await.map_err(ChangeKeyError::into_failure)?;
        for change in done.changes {
            tracing::info!(key = %change.key().id, change = change.as_str(), "signing key changed");
        }
        Ok(Step::read(true))
    }
}
