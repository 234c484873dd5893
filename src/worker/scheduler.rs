use std::time::Duration;

use async_trait::async_trait;
use tokio::time::sleep;

use super::background_task::BackgroundTask;
use super::jobs::{self, Job, JobPorts};
use super::ports::WorkerPorts;
use crate::ports::StoreError;
use crate::ports::events::{ClaimedJob, Lease};
use crate::tasks::Shutdown;

/// How often to look for due jobs.
const LOOK: Duration = Duration::from_secs(15);
/// How long a run starts steps, and how long a step may take: three statements, of which two may take 10
/// seconds, and their waits for a connection. The lease covers both, so that no other process starts while a
/// step is running.
const RUN: Duration = Duration::from_secs(15);
const STEP: Duration = Duration::from_secs(25);

/// Runs periodic jobs, each in one process at a time.
pub(super) struct Schedule {
    ports: WorkerPorts,
    job_ports: JobPorts,
}

impl Schedule {
    pub const fn new(ports: WorkerPorts, job_ports: JobPorts) -> Self {
        Self { ports, job_ports }
    }

    /// Runs a job if it is due and no other process runs it.
    async fn run_if_due(&self, job: &dyn Job, stop: &Shutdown) -> Result<(), StoreError> {
        let (ports, name) = (&self.ports, job.name());
        let lease = Lease { until: ports.clock.now().plus(RUN + STEP), ..ports.lease() };
        let Some(ClaimedJob { mut position }) = ports.jobs.claim_job(name, &lease).await? else {
            return Ok(());
        };
        let began = ports.clock.monotonic();
        let (mut removed, mut is_last, mut has_failed) = (None, false, false);
        // The next run continues a walk that did not end in this one. Otherwise the end of a table that grows
        // faster than it is walked would never be cleaned.
        while !is_last && !has_failed && !stop.is_stopping() && ports.clock.monotonic() < began + RUN {
            match job.step(&self.job_ports, position.as_deref()).await {
                Ok(done) => {
                    removed = done.removed.map(|rows| rows + removed.unwrap_or(0));
                    (position, is_last) = (done.position, done.is_last);
                }
                Err(error) => {
                    tracing::warn!(job = name, %error, "job failed, retrying");
                    has_failed = true;
                }
            }
        }
        if let Some(removed) = removed {
            ports.counts.removed(name, removed);
            if removed > 0 {
                tracing::info!(job = name, removed, "expired rows removed");
            }
        }
        let due_at = match (has_failed, is_last) {
            // After a pause, during which the other jobs can run.
            (true, _) => lease.until,
            (false, true) => ports.clock.now().plus(job.period()),
            (false, false) => ports.clock.now(),
        };
        // Also after a failure, so that the next run does not repeat the completed steps.
        ports.jobs.job_done(name, lease.claim, due_at, position.as_deref()).await
    }
}

#[async_trait]
impl BackgroundTask for Schedule {
    fn name(&self) -> String {
        "jobs".to_owned()
    }

    async fn run(&self, stop: &Shutdown) -> Result<(), StoreError> {
        loop {
            for job in jobs::ALL {
                self.ports.counts.turns.add(1);
                self.run_if_due(*job, stop).await?;
            }
            tokio::select! {
                () = stop.stopping() => return Ok(()),
                () = sleep(LOOK) => {}
            }
        }
    }
}
