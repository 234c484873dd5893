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
mod clean_registration_requests;
mod clean_sessions;
mod count_hashes;
mod end_signed_sessions;
mod job;
mod partitions;
mod rotate_keys;

pub use job::Retention;
pub(super) use job::{Job, JobPorts};

/// All jobs.
pub(super) const ALL: &[&dyn Job] = &[
    &clean_events::CleanEvents,
    &clean_sessions::CleanSessions,
    &clean_audit::CleanAudit,
    &clean_mail_tokens::CleanMailTokens,
    &clean_mail_throttle::CleanMailThrottle,
    &clean_mail_requests::CleanMailRequests,
    &clean_registration_requests::CleanRegistrationRequests,
    &clean_bans::CleanBans,
    &count_hashes::CountHashes,
    &rotate_keys::RotateKeys,
    &end_signed_sessions::EndSignedSessions,
    &partitions::KeepPartitions,
];
