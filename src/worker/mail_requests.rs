use std::sync::Arc;

use async_trait::async_trait;

use super::fail_points::FailPoints;
use super::requests::Queue;
use crate::domain::{Cause, ClaimedMailRequest, Timestamp};
use crate::ports::events::Lease;
use crate::ports::{Store, StoreError};
use crate::telemetry::spans::Span;
use crate::usecases::{Failure, UseCases};

/// Requests for mails.
pub(super) struct MailRequests {
    pub store: Arc<dyn Store>,
    pub use_cases: Arc<UseCases>,
}

#[async_trait]
impl Queue for MailRequests {
    type Claimed = ClaimedMailRequest;

    const NAME: &'static str = "mail requests";
    const SPAN: &'static str = "answer mail request";
    const CLAIMED: &'static str = FailPoints::MAIL_REQUESTS_CLAIMED;
    const ANSWERED: &'static str = FailPoints::MAIL_REQUEST_ANSWERED;

    async fn is_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        self.store.mail_requests().is_due(now).await
    }

    async fn claim(&self, lease: &Lease, limit: u32) -> Result<Vec<ClaimedMailRequest>, StoreError> {
        self.store.mail_requests().claim_due(lease, limit).await
    }

    async fn answer(&self, claimed: &ClaimedMailRequest) -> Result<(), Failure> {
        self.use_cases.mail.answer_request.run(claimed).await
    }

    fn cause(claimed: &ClaimedMailRequest) -> Cause {
        claimed.cause.clone()
    }

    fn describe(claimed: &ClaimedMailRequest, span: &mut Span) {
        span.set("svc.mail.kind", || claimed.kind.to_string());
    }
}
