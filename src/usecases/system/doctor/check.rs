use std::time::Duration;

use async_trait::async_trait;

use super::finding::Finding;

/// Checks one thing. It changes nothing.
#[async_trait]
pub trait DoctorCheck: Send + Sync {
    /// The name, which findings carry too.
    fn name(&self) -> &'static str;

    /// How long it may take. A check that takes longer has failed.
    fn limit(&self) -> Duration {
        Duration::from_secs(30)
    }

    /// Measures and judges.
    async fn run(&self) -> Vec<Finding>;
}
