//! Periodic jobs: one file per job.
//!
//! **May use**: what the worker may.
//!
//! **To add one**: a file here with a type that implements [`Job`], its `mod` and a line in [`ALL`]. A job
//! that removes rows calls `clean` of their table.

mod clean_audit;
mod clean_bans;
mod clean_events;
mod clean_mail_requests;
mod clean_mail_throttle;
mod clean_mail_tokens;
mod clean_sessions;
mod count_hashes;
mod end_signed_sessions;
mod rotate_keys;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::domain::Timestamp;
use crate::ports::store::{CLEANED_AT_ONCE, Cleaned};
use crate::ports::{Clock, Store};
use crate::usecases::{Failure, UseCases};

/// All jobs.
pub(super) const ALL: &[&dyn Job] = &[
    &clean_events::CleanEvents,
    &clean_sessions::CleanSessions,
    &clean_audit::CleanAudit,
    &clean_mail_tokens::CleanMailTokens,
    &clean_mail_throttle::CleanMailThrottle,
    &clean_mail_requests::CleanMailRequests,
    &clean_bans::CleanBans,
    &count_hashes::CountHashes,
    &rotate_keys::RotateKeys,
    &end_signed_sessions::EndSignedSessions,
];

/// The number of rows that a step examines or removes: few enough that no request waits for it.
const SLICE: u32 = CLEANED_AT_ONCE;

/// How long the last mail to an email address matters: longer than the longest pause between two mails, that
/// of warnings.
const MAIL_PAUSES: Duration = Duration::from_hours(25);

/// Work that is done periodically, in one process at a time, in short steps.
#[async_trait]
pub(super) trait Job: Sync {
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
pub(super) struct JobPorts {
    pub store: Arc<dyn Store>,
    pub use_cases: Arc<UseCases>,
    pub retention: Retention,
    pub clock: Arc<dyn Clock>,
}

impl JobPorts {
    /// The time of this duration ago.
    fn ago(&self, duration: Duration) -> Timestamp {
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
pub(super) struct Step {
    /// The number of removed rows; `None` for a job that removes none.
    pub removed: Option<u64>,
    /// Where the next step continues, in this run or in the next one.
    pub position: Option<String>,
    /// Whether the job is done until it is due again.
    pub is_last: bool,
}

impl Step {
    /// Rows were removed, oldest first. The last step finds less than a whole slice.
    fn removed(rows: u64) -> Self {
        Self { removed: Some(rows), position: None, is_last: rows < u64::from(SLICE) }
    }

    /// A slice of a walk through a table was examined.
    fn walked(Cleaned { removed, next }: Cleaned) -> Self {
        Self { removed: Some(removed), is_last: next.is_none(), position: next }
    }

    /// A slice was read.
    const fn read(is_last: bool) -> Self {
        Self { removed: None, position: None, is_last }
    }
}
