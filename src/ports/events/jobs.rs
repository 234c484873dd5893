use async_trait::async_trait;
use uuid::Uuid;

use super::lease::Lease;
use crate::domain::Timestamp;
use crate::ports::store::StoreError;

/// Ensures that a periodic job runs in one process at a time.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Claims a job if it is due.
    async fn claim_job(&self, name: &str, lease: &Lease) -> Result<Option<ClaimedJob>, StoreError>;

    /// Records when the job is due again and the position from which its next run continues, unless another
    /// process claimed the job in the meantime.
    async fn job_done(
        &self,
        name: &str,
        claim: Uuid,
        due_at: Timestamp,
        position: Option<&str>,
    ) -> Result<(), StoreError>;
}

/// A job that was due, claimed by this process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedJob {
    /// The position at which the last run stopped; `None` at the beginning.
    pub position: Option<String>,
}
