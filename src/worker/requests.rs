use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, sleep};

use super::background_task::BackgroundTask;
use super::fail_points::FailPoints;
use super::ports::{LEASE, POLL, WorkerPorts};
use crate::domain::{Cause, Timestamp};
use crate::ports::StoreError;
use crate::ports::events::Lease;
use crate::tasks::Shutdown;
use crate::telemetry::spans::{Kind, Span};
use crate::telemetry::trace;
use crate::usecases::Failure;

/// The number of requests claimed together.
const BATCH: u32 = 32;
/// Requests that were not started this long after the claim are left until the lease ends.
const BEGIN_WITHIN: Duration = Duration::from_secs(LEASE.as_secs() / 2);

/// Requests that were recorded without looking up an account, and how they are answered.
#[async_trait]
pub(super) trait Queue: Send + Sync + 'static {
    /// A claimed request.
    type Claimed: Send + Sync;

    /// What is in the queue, for the log.
    const NAME: &'static str;
    /// The name of the span of an answer.
    const SPAN: &'static str;
    /// The fail point after a claim.
    const CLAIMED: &'static str;
    /// The fail point after an answer.
    const ANSWERED: &'static str;

    async fn is_due(&self, now: Timestamp) -> Result<bool, StoreError>;

    async fn claim(&self, lease: &Lease, limit: u32) -> Result<Vec<Self::Claimed>, StoreError>;

    async fn answer(&self, claimed: &Self::Claimed) -> Result<(), Failure>;

    /// The request of the client, and its trace.
    fn cause(claimed: &Self::Claimed) -> Cause;

    /// Adds the attributes of the span.
    fn describe(claimed: &Self::Claimed, span: &mut Span);
}

/// Answers recorded requests, some time after they were made.
///
/// No notification wakes it. A request is never due when it is recorded, and work that starts right after a
/// request would delay the next one by more if there is an account.
pub(super) struct Requests<Q> {
    ports: WorkerPorts,
    queue: Q,
    fail_points: FailPoints,
}

impl<Q: Queue> Requests<Q> {
    pub const fn new(ports: WorkerPorts, queue: Q, fail_points: FailPoints) -> Self {
        Self { ports, queue, fail_points }
    }

    /// Answers one batch. Returns false if none was due.
    async fn step(&self) -> Result<bool, StoreError> {
        if !self.queue.is_due(self.ports.clock.now()).await? {
            return Ok(false);
        }
        let began = Instant::now();
        let claimed = self.queue.claim(&self.ports.lease(), BATCH).await?;
        self.fail_points.reach(Q::CLAIMED, None);
        for request in &claimed {
            if began.elapsed() > BEGIN_WITHIN {
                break;
            }
            let mut cause = Q::cause(request);
            let mut span = self.ports.tracer.begin(Kind::Consumer, || Q::SPAN, &mut cause);
            Q::describe(request, &mut span);
            let answer = trace::recorded(cause, span.recording(), self.queue.answer(request));
            if let Err(error) = answer.await {
                span.fail("store");
                tracing::warn!(%error, queue = Q::NAME, "request failed, retrying");
            }
            self.fail_points.reach(Q::ANSWERED, None);
        }
        Ok(!claimed.is_empty())
    }
}

#[async_trait]
impl<Q: Queue> BackgroundTask for Requests<Q> {
    fn name(&self) -> String {
        Q::NAME.to_owned()
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
