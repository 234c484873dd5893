use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{FutureExt, StreamExt, stream};
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

use super::background_task::BackgroundTask;
use super::fail_points::FailPoints;
use super::handlers::{Handler, HandlerError, Reaction, begin_span, handling_within};
use super::ports::{LEASE, POLL, WorkerPorts};
use crate::domain::Cause;
use crate::ports::StoreError;
use crate::ports::events::{InboxEntry, Lease, Queue, Reschedule, StoredEvent};
use crate::tasks::{Backoff, Shutdown, panic_text};
use crate::telemetry::metrics::HandlerCounts;
use crate::telemetry::milliseconds;
use crate::telemetry::spans::Span;
use crate::telemetry::trace;
use crate::worker::batching_pause::BatchingPause;

/// The number of entries claimed together, and the number of lanes that run concurrently.
const BATCH: u32 = 64;
const LANES: usize = 4;
/// The number of entries claimed for a handler that shares transactions: each transaction costs the same few
/// round trips.
const SHARED_BATCH: u32 = 256;
/// The time limit of one handler for one event.
const DEADLINE: Duration = Duration::from_secs(10);
/// Entries that were not started this long after the claim are released, so that the lease covers all started
/// work.
const BEGIN_WITHIN: Duration = Duration::from_secs(LEASE.as_secs() - DEADLINE.as_secs() - 5);
/// The wait after the first failure, and the longest wait.
const WAIT: Backoff = Backoff::new(Duration::from_secs(5), Duration::from_hours(1));

/// Runs one handler on its inbox entries. Each handler has its own runner, so that none delays another.
pub(super) struct Runner {
    ports: WorkerPorts,
    handler: Handler,
    fail_points: FailPoints,
    counts: Arc<HandlerCounts>,
}

/// A claim and its age.
struct Claimed {
    lease: Lease,
    since: Instant,
    /// Whether entries that have not started are to be released.
    given_up: AtomicBool,
}

impl Runner {
    pub fn new(ports: WorkerPorts, handler: Handler, fail_points: FailPoints) -> Self {
        let counts = ports.counts.handler(handler.name());
        Self { ports, handler, fail_points, counts }
    }

    /// Handles one batch. Returns whether to look again at once. Entries of processes that died come first,
    /// at most once per [`POLL`]; `swept` is the last time.
    async fn step(&self, swept: &mut Option<Instant>, stop: &Shutdown) -> Result<bool, StoreError> {
        let (inbox, name) = (&self.ports.inbox, self.handler.name());
        if !inbox.is_due(name, self.ports.clock.now()).await? {
            return Ok(false);
        }
        if swept.is_none_or(|swept| swept.elapsed() >= POLL) {
            let claim = self.new_claim();
            let abandoned = inbox.claim_abandoned(name, &claim.lease, self.handler.max_attempts()).await?;
            if !abandoned.is_empty() {
                self.work_on(abandoned, &claim, stop).await?;
                return Ok(true);
            }
            *swept = Some(Instant::now());
        }
        let claim = self.new_claim();
        let most = if self.handler.shares_transactions() { SHARED_BATCH } else { BATCH };
        let due = inbox.claim_due(name, &claim.lease, most).await?;
        // A claim examines a bounded number of entries. Those that it reschedules are no longer due, so the
        // loop ends.
        let again = !due.claimed.is_empty() || due.postponed > 0;
        self.work_on(due.claimed, &claim, stop).await?;
        Ok(again)
    }

    fn new_claim(&self) -> Claimed {
        Claimed { lease: self.ports.lease(), since: Instant::now(), given_up: AtomicBool::new(false) }
    }

    /// Handles the claimed entries: those of one subject in order, those of several subjects concurrently.
    async fn work_on(
        &self,
        claimed: Vec<InboxEntry>,
        claim: &Claimed,
        stop: &Shutdown,
    ) -> Result<(), StoreError> {
        let groups = if self.handler.shares_transactions() { LANES } else { claimed.len() };
        let lanes = lanes(claimed, groups).map(|lane| async move {
            // If that fails, one by one, so that only the failing entries are retried.
            if self.handler.shares_transactions()
                && lane.len() > 1
                && self.handle_all(&lane, &claim.lease).await
            {
                return Ok(());
            }
            // The subjects with an event that is to be retried or that another process has claimed. Their
            // later events wait.
            let mut blocked = BTreeSet::new();
            for entry in lane {
                if stop.is_stopping() || claim.since.elapsed() > BEGIN_WITHIN {
                    claim.given_up.store(true, Ordering::Relaxed);
                }
                if claim.given_up.load(Ordering::Relaxed) || blocked.contains(&entry.subject.0) {
                    let now = self.ports.clock.now();
                    self.ports.inbox.release(&entry, claim.lease.claim, now).await?;
                } else if !self.handle(&entry, &claim.lease).await? {
                    blocked.insert(entry.subject.0);
                }
            }
            Ok(())
        });
        let results: Vec<Result<(), StoreError>> =
            stream::iter(lanes).buffer_unordered(LANES).collect().await;
        results.into_iter().collect()
    }

    /// Handles several entries in one transaction. Returns whether it succeeded.
    async fn handle_all(&self, lane: &[InboxEntry], lease: &Lease) -> bool {
        let cause = OnceLock::new();
        let attempt = self.attempt(lane, lease, &cause);
        let attempt = AssertUnwindSafe(timeout(DEADLINE, attempt)).catch_unwind().await;
        let is_done = matches!(attempt, Ok(Ok(Ok(_))));
        if !is_done {
            let handler = self.handler.name();
            tracing::debug!(
                handler,
                events = lane.len(),
                "failed to handle events as a batch, handling them one by one"
            );
        }
        is_done
    }

    /// Handles one entry, and records a failure. Returns whether the next event of the same subject may be
    /// handled: not before this one is retried.
    async fn handle(&self, entry: &InboxEntry, lease: &Lease) -> Result<bool, StoreError> {
        let cause = OnceLock::new();
        let attempt = self.attempt(std::slice::from_ref(entry), lease, &cause);
        let attempt = AssertUnwindSafe(timeout(DEADLINE, attempt)).catch_unwind().await;
        let (error, for_good) = match attempt {
            Ok(Ok(Ok(done))) => return Ok(done == 1),
            Ok(Ok(Err(error))) => (error.to_string(), matches!(error, HandlerError::Permanent(_))),
            Ok(Err(_)) => (format!("not finished within {DEADLINE:?}"), false),
            Err(panic) => (format!("the handler panicked: {}", panic_text(&*panic)), false),
        };
        let (event_id, handler, attempts) = (entry.event_id, self.handler.name(), entry.attempts);
        let again = (!for_good && attempts < self.handler.max_attempts()).then(|| {
            let wait = WAIT.after(attempts, self.ports.ids.chance());
            self.ports.clock.now().plus(wait)
        });
        self.counts.failed.add(1);
        self.counts.dead.add(u64::from(again.is_none()));
        let Cause { request, trace, .. } = cause.into_inner().unwrap_or_default();
        let request_id = request.map(tracing::field::display);
        let trace_id = trace.map(|trace| trace.trace_id());
        if again.is_some() {
            tracing::warn!(%event_id, handler, attempt = attempts, error, request_id, trace_id, "event handler failed, retry scheduled");
        } else {
            tracing::error!(%event_id, handler, attempt = attempts, error, request_id, trace_id, "event dead-lettered");
        }
        self.ports.inbox.reschedule(entry, lease.claim, &Reschedule { again, error }).await?;
        Ok(again.is_none())
    }

    /// Performs the side effect, then commits the handler's changes together with the marks that the entries
    /// are done. Returns the number of entries that still had this claim, and are done. Puts the cause of the
    /// first event into `cause`, for the log of a failure.
    async fn attempt(
        &self,
        entries: &[InboxEntry],
        lease: &Lease,
        cause: &OnceLock<Cause>,
    ) -> Result<usize, HandlerError> {
        let began = Instant::now();
        if let Reaction::SideEffect(side_effect) = self.handler.reaction() {
            for entry in entries {
                // An entry that another process has claimed is skipped, here and below.
                if let Some(mut event) = self.ports.inbox.claimed(entry, lease.claim).await? {
                    self.handler.check_type(&event)?;
                    let mut span =
                        begin_span(&self.ports.tracer, self.handler.name(), &mut event, entry.attempts);
                    let _ = cause.set(event.cause.clone());
                    let work = side_effect.perform(&event);
                    let done = handling_within(&event, span.recording(), work).await;
                    done.inspect_err(|error| span.fail(error.kind()))?;
                    self.fail_points.reach(FailPoints::HANDLER_ACTED, Some(&event.type_name));
                }
            }
        }
        let mut work = self.ports.store.begin().await?;
        let (handler, now) = (self.handler.name(), self.ports.clock.now());
        let claimed: Vec<Uuid> = entries.iter().map(|entry| entry.event_id).collect();
        let mut events = work.inbox().finish(handler, &claimed, lease.claim, now).await?;
        for event_id in claimed.iter().filter(|id| events.iter().all(|event| event.id != **id)) {
            tracing::warn!(%event_id, handler, "event handler finished after its lease ended");
        }
        if let Reaction::Projection(projection) | Reaction::SharedProjection(projection) =
            self.handler.reaction()
        {
            events.iter().try_for_each(|event| self.handler.check_type(event))?;
            let attempts = entries.first().map_or(1, |entry| entry.attempts);
            let start = |event| begin_span(&self.ports.tracer, handler, event, attempts);
            let mut spans: Vec<Span> = events.iter_mut().map(start).collect();
            if let Some(event) = events.first() {
                let _ = cause.set(event.cause.clone());
            }
            // A statement for several events is below the span of the first.
            let recording = spans.iter().find_map(Span::recording);
            let applying = projection.apply_all(&events, &mut *work);
            let applied = trace::recorded(Cause::default(), recording, applying).await;
            applied.inspect_err(|error| spans.iter_mut().for_each(|span| span.fail(error.kind())))?;
        }
        for event in &events {
            self.fail_points.reach(FailPoints::HANDLER_DONE, Some(&event.type_name));
        }
        work.commit().await?;
        let now = self.ports.clock.now();
        for event in &events {
            self.counts.done.observe(now.since(event.at));
            self.log(event, began.elapsed());
        }
        self.fail_points.reach(FailPoints::HANDLER_COMMITTED, None);
        Ok(events.len())
    }
}

impl Runner {
    /// Logs that an event was handled, with the request that caused it. At a lower level for a handler that
    /// takes every event in batches: each of its lines would repeat one of the others.
    fn log(&self, event: &StoredEvent, took: Duration) {
        macro_rules! handled {
            ($level:ident) => {
                tracing::$level!(
                    event_id = %event.id,
                    event_type = event.type_name,
                    handler = self.handler.name(),
                    request_id = event.cause.request.map(tracing::field::display),
                    trace_id = event.cause.trace.map(|trace| trace.trace_id()),
                    duration_ms = milliseconds(took),
                    "event handled"
                )
            };
        }
        if self.handler.shares_transactions() { handled!(debug) } else { handled!(info) }
    }
}

/// Distributes entries to at most `most` lanes, with all events of a subject in one lane, in order.
fn lanes(claimed: Vec<InboxEntry>, most: usize) -> impl Iterator<Item = Vec<InboxEntry>> {
    let mut lanes: BTreeMap<usize, Vec<InboxEntry>> = BTreeMap::new();
    let mut lane_of = BTreeMap::new();
    for entry in claimed {
        let next = lane_of.len() % most.max(1);
        let lane = *lane_of.entry(entry.subject.0).or_insert(next);
        lanes.entry(lane).or_default().push(entry);
    }
    lanes.into_values()
}

#[async_trait]
impl BackgroundTask for Runner {
    fn name(&self) -> String {
        format!("handler {}", self.handler.name())
    }

    async fn run(&self, stop: &Shutdown) -> Result<(), StoreError> {
        let mut wakeup = self.ports.wakeups.of(Queue::Inbox);
        let mut swept = None;
        loop {
            let began = Instant::now();
            while !stop.is_stopping() && self.step(&mut swept, stop).await? {}
            let rest = BatchingPause::after(began);
            tokio::select! {
                () = stop.stopping() => return Ok(()),
                () = wakeup.woken() => {}
                () = sleep(POLL) => {}
            }
            rest.over(stop).await;
        }
    }
}
