use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, sleep};

use super::fail_points::FailPoints;
use super::ports::{LEASE, POLL, WorkerPorts};
use super::supervisor::BackgroundTask;
use crate::ports::StoreError;
use crate::tasks::Shutdown;
use crate::telemetry::spans::Kind;
use crate::telemetry::trace;
use crate::usecases::UseCases;

/// The number of requests claimed together.
const BATCH: u32 = 32;
/// Requests that were not started this long after the claim are left until the lease ends.
const BEGIN_WITHIN: Duration = Duration::from_secs(LEASE.as_secs() / 2);

/// Processes mail requests, some time after they were made.
///
/// No notification wakes it. A request is never due when it is recorded, and work that starts right after a
/// request would delay the next one by more if there is an account.
pub(super) struct MailRequests {
    ports: WorkerPorts,
    use_cases: Arc<UseCases>,
    fail_points: FailPoints,
}

impl MailRequests {
    pub const fn new(ports: WorkerPorts, use_cases: Arc<UseCases>, fail_points: FailPoints) -> Self {
        Self { ports, use_cases, fail_points }
    }

    /// Processes one batch. Returns false if none was due.
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
            let mut cause = request.cause.clone();
            let name = || "answer mail request";
            let mut span = self.ports.tracer.begin(Kind::Consumer, name, &mut cause);
            span.set("svc.mail.kind", || request.kind.to_string());
            let answering = self.use_cases.answer_mail_request.run(request);
            let answered = trace::recorded(cause, span.recording(), answering).await;
            if let Err(error) = answered {
                span.fail("store");
                tracing::warn!(%error, kind = %request.kind, "mail request failed, retrying");
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
