use super::finding::Finding;
use crate::domain::Timestamp;
use crate::ports::events::ENDS_SOON;
use crate::ports::inspection::DatabaseFacts;

const NAME: &str = "partitions";

/// Judges whether there are partitions for the time to come.
pub(super) fn judge(facts: &DatabaseFacts, now: Timestamp) -> Option<Finding> {
    let (table, end) = facts.server.as_ref()?.partitions_end.as_ref()?;
    let measured = format!("the last partition of {table} with an end ends at {end}");
    Some(if *end < now.plus(ENDS_SOON) {
        Finding::warn(
            NAME,
            measured,
            "from then on all rows go to one partition, which is never removed",
            "run `svc migrate` as the owner of the tables, and look for the warnings of the job `partitions`",
        )
    } else {
        Finding::ok(NAME, measured)
    })
}
