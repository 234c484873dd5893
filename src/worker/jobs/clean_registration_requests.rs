use async_trait::async_trait;

use super::job::{Job, JobPorts, SLICE, Step};
use crate::domain::RegistrationRequest;
use crate::usecases::Failure;

/// Removes requests to register that have expired, whether or not a worker answered them.
pub(super) struct CleanRegistrationRequests;

#[async_trait]
impl Job for CleanRegistrationRequests {
    fn name(&self) -> &'static str {
        "clean_registration_requests"
    }

    async fn step(&self, ports: &JobPorts, _position: Option<&str>) -> Result<Step, Failure> {
        let before = ports.ago(RegistrationRequest::LIFETIME);
        let cleaned = ports.store.registration_requests().clean(before, SLICE).await?;
        ports.counts.registrations_expired(cleaned.expired);
        Ok(Step::removed(cleaned.removed))
    }
}
