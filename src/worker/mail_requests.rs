use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, sleep};

use super::supervisor::BackgroundTask;
use super::{FailPoints, LEASE, POLL, WorkerPorts};
use crate::ports::StoreError;
use crate::tasks::Shutdown;
use crate::telemetry::trace;
use crate::usecases::UseCases;

/// How many requests are claimed at once.
const BATCH: u32 = 32;
/// Requests that were not begun so long after they were claimed are left to the end of the lease.
const BEGIN_WITHIN: Duration = Duration::from_secs(LEASE.as_secs() / 2);

/// Answers requests for mails, some time after they were made.
///
/// Nothing wakes it. No request is due when it is recorded, and work that begins right after a request would slow down the
/// next one by more where there is an account.
pub(super) struct MailRequests {
    ports: WorkerPorts,
    use_cases: Arc<UseCases>,
    fail_points: FailPoints,
}

impl MailRequests {
    pub const fn new(ports: WorkerPorts, use_cases: Arc<UseCases>, fail_points: FailPoints) -> Self {
        Self { ports, use_cases, fail_points }
    }

    /// Answers one batch. Returns whether there was one.
    async fn step(&self) -> Result<bool, StoreError> {
        let queue = self.ports.store.mail_requests();
        if !queue.is_due(self.ports.clock.now()).await? {
            return Ok(false);
        }
        let began = Instant::now();
        let claimed = queue.claim_due(&self.ports.lease(), BATCH).await?;
        self.fail_points.reach(FailPoints::MAIL_REQUESTS_CLAIMED, None);
        for request in &claimed {
            if began.elapsed() > BEGIN_WITHIN {
                break;
            }
            let answer = trace::within(request.trace, self.use_cases.answer_mail_request.run(request));
            if let Err(error) = answer.await {
                tracing::warn!(%error, kind = %request.kind, "mail request not answered; trying again");
            }
            self.fail_points.reach(FailPoints::MAIL_REQUEST_ANSWERED, None);
        }
        Ok(!claimed.is_empty())
    }
}

#[async_trait]
impl BackgroundTask for MailRequests {
    fn name(&self) -> String {
        "mail requests".to_owned()
    }

    async fn run(&self, stop: &Shutdown) -> Result<(), StoreError> {
        loop {
            while !stop.is_stopping() && self.step().await? {}
            tokio::select! {
                () = stop.stopping() => return Ok(()),
                () = sleep(POLL) => {}
            }
        }
    }
}
