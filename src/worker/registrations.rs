use std::sync::Arc;

use async_trait::async_trait;

use super::fail_points::FailPoints;
use super::requests::Queue;
use crate::domain::{Cause, ClaimedRegistration, Timestamp};
use crate::ports::events::Lease;
use crate::ports::{Store, StoreError};
use crate::telemetry::metrics::WorkerCounts;
use crate::telemetry::spans::Span;
use crate::usecases::{AnsweredRegistration, Failure, UseCases};

/// Requests to register.
pub(super) struct Registrations {
    pub store: Arc<dyn Store>,
    pub use_cases: Arc<UseCases>,
    pub counts: Arc<WorkerCounts>,
}

#[async_trait]
impl Queue for Registrations {
    type Claimed = ClaimedRegistration;

    const NAME: &'static str = "registrations";
    const SPAN: &'static str = "answer registration";
    const CLAIMED: &'static str = FailPoints::REGISTRATIONS_CLAIMED;
    const ANSWERED: &'static str = FailPoints::REGISTRATION_ANSWERED;

    async fn is_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        self.store.registration_requests().is_due(now).await
    }

    async fn claim(&self, lease: &Lease, limit: u32) -> Result<Vec<ClaimedRegistration>, StoreError> {
        self.store.registration_requests().claim_due(lease, limit).await
    }

    async fn answer(&self, claimed: &ClaimedRegistration) -> Result<(), Failure> {
        if self.use_cases.auth.answer_registration.run(claimed).await? == AnsweredRegistration::Expired {
            self.counts.registrations_expired(1);
        }
        Ok(())
    }

    fn cause(claimed: &ClaimedRegistration) -> Cause {
        claimed.cause.clone()
    }

    fn describe(_: &ClaimedRegistration, _: &mut Span) {}
}
