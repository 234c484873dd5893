use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::domain::Timestamp;
use crate::ports::events::Partitions;
use crate::ports::store::{CLEANED_AT_ONCE, Cleaned, Kept};
use crate::ports::{Clock, Store};
use crate::telemetry::metrics::WorkerCounts;
use crate::usecases::{Failure, UseCases};

/// The number of rows that a step examines or removes: few enough that no request waits for it.
pub(super) const SLICE: u32 = CLEANED_AT_ONCE;

/// How long the last mail to an email address matters: longer than the longest pause between two mails, that
/// of warnings.
pub(super) const MAIL_PAUSES: Duration = Duration::from_hours(25);

/// Work that is done periodically, in one process at a time, in short steps.
#[async_trait]
pub(in crate::worker) trait Job: Sync {
    /// The key in the table of jobs and the label of the metric, so it never changes.
    fn name(&self) -> &'static str;

    /// How long after its last step the job is due again.
    fn period(&self) -> Duration {
        Duration::from_hours(1)
    }

    /// Does one step, from the position where the last one stopped. A step may take two of the statements
    /// that the database allows 10 seconds, and a third one that is short: the lease of a job covers that.
    async fn step(&self, ports: &JobPorts, position: Option<&str>) -> Result<Step, Failure>;
}

/// What jobs work on.
pub(in crate::worker) struct JobPorts {
    pub store: Arc<dyn Store>,
    pub partitions: Arc<dyn Partitions>,
    pub use_cases: Arc<UseCases>,
    pub retention: Retention,
    pub clock: Arc<dyn Clock>,
    pub counts: Arc<WorkerCounts>,
}

impl JobPorts {
    /// How long rows are kept, seen from the present.
    pub(super) fn kept(&self, retention: Duration) -> Kept {
        Kept { now: self.clock.now(), retention }
    }

    /// The time of this duration ago.
    pub(super) fn ago(&self, duration: Duration) -> Timestamp {
        self.clock.now().minus(duration)
    }
}

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

/// The result of one step.
pub(in crate::worker) struct Step {
    /// The number of removed rows; `None` for a job that removes none.
    pub removed: Option<u64>,
    /// Where the next step continues, in this run or in the next one.
    pub position: Option<String>,
    /// Whether the job is done until it is due again.
    pub is_last: bool,
}

impl Step {
    /// Rows were removed, oldest first. The last step finds less than a whole slice.
    pub(super) fn removed(rows: u64) -> Self {
        Self { removed: Some(rows), position: None, is_last: rows < u64::from(SLICE) }
    }

    /// A slice of a walk through a table was examined.
    pub(super) fn walked(Cleaned { removed, next }: Cleaned) -> Self {
        Self { removed: Some(removed), is_last: next.is_none(), position: next }
    }

    /// A slice was read.
    pub(super) const fn read(is_last: bool) -> Self {
        Self { removed: None, position: None, is_last }
    }
}
