use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::sleep;

use super::WorkerPorts;
use super::supervisor::BackgroundTask;
use crate::ports::StoreError;
use crate::ports::events::{CLEANED_AT_ONCE, ClaimedJob, Cleaned, Lease};
use crate::tasks::Shutdown;
use crate::usecases::UseCases;

/// How often to look for due jobs.
const LOOK: Duration = Duration::from_secs(15);
/// How long the last mail to an email address matters: longer than the longest pause between two mails, that
/// of warnings.
const THROTTLE: Duration = Duration::from_hours(25);
/// How long ended bans are kept for operators.
const BANS: Duration = Duration::from_hours(30 * 24);
/// The number of rows examined or removed at once: few enough that no request waits for it.
const SLICE: u32 = CLEANED_AT_ONCE;
/// How long a run starts steps, and how long a step may take: three statements, of which two may take 10
/// seconds, and their waits for a connection. The lease covers both, so that no other process starts while a
/// step is running.
const RUN: Duration = Duration::from_secs(15);
const STEP: Duration = Duration::from_secs(25);

/// How long finished data is kept; `None` keeps it without limit.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Events that were relayed and handled.
    pub events: Duration,
    /// Sessions that have ended.
    pub sessions: Duration,
    /// The audit trail.
    pub audit: Option<Duration>,
}

/// Runs periodic jobs, each in one process at a time.
pub(super) struct Schedule {
    ports: WorkerPorts,
    use_cases: Arc<UseCases>,
    retention: Retention,
}

/// The rows that a clean-up job removes.
#[derive(Clone, Copy)]
enum Clean {
    Events,
    Sessions,
    Audit,
    MailTokens,
    MailThrottle,
    MailRequests,
    Bans,
}

/// A job: it removes rows, or counts password hashes.
#[derive(Clone, Copy)]
enum Job {
    Clean(Clean),
    CountHashes,
}

const JOBS: [(Job, &str, Duration); 8] = [
    (Job::Clean(Clean::Events), "clean_events", Duration::from_mins(10)),
    (Job::Clean(Clean::Sessions), "clean_sessions", Duration::from_hours(1)),
    (Job::Clean(Clean::Audit), "clean_audit", Duration::from_hours(1)),
    (Job::Clean(Clean::MailTokens), "clean_mail_tokens", Duration::from_hours(1)),
    (Job::Clean(Clean::MailThrottle), "clean_mail_throttle", Duration::from_hours(1)),
    (Job::Clean(Clean::MailRequests), "clean_mail_requests", Duration::from_hours(1)),
    (Job::Clean(Clean::Bans), "clean_bans", Duration::from_hours(1)),
    (Job::CountHashes, "count_hashes", Duration::from_mins(10)),
];

impl Schedule {
    pub const fn new(ports: WorkerPorts, use_cases: Arc<UseCases>, retention: Retention) -> Self {
        Self { ports, use_cases, retention }
    }

    /// Runs a job if it is due and no other process runs it.
    async fn run_if_due(
        &self,
        (job, name, every): (Job, &'static str, Duration),
        stop: &Shutdown,
    ) -> Result<(), StoreError> {
        let ports = &self.ports;
        let lease = Lease { until: ports.clock.now().plus(RUN + STEP), ..ports.lease() };
        let Some(ClaimedJob { mut position }) = ports.jobs.claim_job(name, &lease).await? else {
            return Ok(());
        };
        let began = ports.clock.monotonic();
        let (mut removed, mut done, mut failed) = (0, false, None);
        // The next run continues a walk that did not end in this one. Otherwise the end of a table that grows
        // faster than it is walked would never be cleaned.
        while !done && !stop.is_stopping() && ports.clock.monotonic() < began + RUN {
            done = match job {
                Job::Clean(what) => match self.slice(what, &mut position).await {
                    Ok((slice, was_last)) => {
                        removed += slice;
                        was_last
                    }
                    Err(error) => {
                        failed = Some(error);
                        break;
                    }
                },
                // The position is in the store, so another process continues from there.
                Job::CountHashes => match self.use_cases.count_hashes.run().await {
                    Ok(was_last) => was_last,
                    Err(error) => {
                        tracing::warn!(job = name, %error, "job failed, retrying");
                        break;
                    }
                },
            };
        }
        if let Job::Clean(_) = job {
            ports.counts.removed(name, removed);
        }
        if removed > 0 {
            tracing::info!(job = name, removed, "expired rows removed");
        }
        let now = ports.clock.now();
        let due_at = match (&failed, done) {
            // After a pause, during which the other jobs can run.
            (Some(_), _) => lease.until,
            (None, true) => now.plus(every),
            (None, false) => now,
        };
        // Also after a failure, so that the next run does not repeat the completed steps.
        let stored = ports.jobs.job_done(name, lease.claim, due_at, position.as_deref()).await;
        failed.map_or(stored, Err)
    }

    /// Removes one batch. Returns the number of rows and whether it was the last batch. A walk through a
    /// table moves `position`.
    async fn slice(&self, job: Clean, position: &mut Option<String>) -> Result<(u64, bool), StoreError> {
        let (cleaner, now) = (&self.ports.cleaner, self.ports.clock.now());
        let removed = match job {
            Clean::Events => {
                let before = now.minus(self.retention.events);
                let step = cleaner.clean_events(before, position.as_deref(), SLICE).await?;
                return Ok(walked(step, position));
            }
            Clean::Audit => match self.retention.audit {
                Some(kept) => cleaner.clean_audit(now.minus(kept), SLICE).await?,
                None => 0,
            },
            Clean::MailTokens => cleaner.clean_mail_tokens(now, SLICE).await?,
            Clean::MailThrottle => cleaner.clean_mail_throttle(now.minus(THROTTLE), SLICE).await?,
            Clean::Bans => cleaner.clean_bans(now.minus(BANS), SLICE).await?,
            Clean::MailRequests => cleaner.clean_mail_requests(now.minus(THROTTLE), SLICE).await?,
            Clean::Sessions => {
                let before = now.minus(self.retention.sessions);
                let step = cleaner.clean_sessions(before, position.as_deref(), SLICE).await?;
                return Ok(walked(step, position));
            }
        };
        Ok((removed, removed < u64::from(SLICE)))
    }
}

/// Moves the position of a walk. Returns the number of removed rows and whether the walk is at its end.
fn walked(cleaned: Cleaned, position: &mut Option<String>) -> (u64, bool) {
    *position = cleaned.next;
    (cleaned.removed, position.is_none())
}

#[async_trait]
impl BackgroundTask for Schedule {
    fn name(&self) -> String {
        "jobs".to_owned()
    }

    async fn run(&self, stop: &Shutdown) -> Result<(), StoreError> {
        loop {
            for job in JOBS {
                self.run_if_due(job, stop).await?;
            }
            tokio::select! {
                () = stop.stopping() => return Ok(()),
                () = sleep(LOOK) => {}
            }
        }
    }
}
