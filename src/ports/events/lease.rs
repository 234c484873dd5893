use uuid::Uuid;

use crate::domain::Timestamp;

/// An exclusive right to work on something for a limited time. Results count only until another process
/// claims the same work: a process that was frozen beyond the end of its lease changes nothing when it
/// continues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Identifies the claim (a fencing token).
    pub claim: Uuid,
    /// When the lease begins.
    pub now: Timestamp,
    /// When others may claim the same work.
    pub until: Timestamp,
}
