use std::time::Duration;

use super::finding::Finding;
use super::settings::DoctorSettings;
use crate::domain::Timestamp;
use crate::ports::events::{ENDS_SOON, partition_length};
use crate::ports::inspection::{DatabaseFacts, PartitionedTable};

const NAME: &str = "partitions";
const DAY: Duration = Duration::from_hours(24);

/// Judges whether there are partitions for every time, and whether the present and the time to come are
/// divided.
pub(super) fn judge(facts: &DatabaseFacts, settings: &DoctorSettings, now: Timestamp) -> Option<Finding> {
    let tables = &facts.server.as_ref()?.partitions;
    if let Some((table, from)) = tables.iter().find_map(|of| Some((&of.table, of.first_gap?))) {
        return Some(Finding::warn(
            NAME,
            format!("{table} has no partition for some time from {from} on"),
            "what makes a row of that time is answered 503, or is not handled",
            "run `svc migrate` as the owner of the tables: it creates what is missing",
        ));
    }
    let (of, end) = tables.iter().filter_map(|of| Some((of, of.end?))).min_by_key(|(_, end)| *end)?;
    let measured = format!("the last partition of {} with an end ends at {end}", of.table);
    if end < now.plus(ENDS_SOON) {
        return Some(Finding::warn(
            NAME,
            measured,
            "from then on all rows go to one partition, which is never removed",
            "run `svc migrate` as the owner of the tables, and look for the warnings of the job `partitions`",
        ));
    }
    let undivided = tables.iter().find_map(|of| undivided(of, settings, now));
    Some(undivided.unwrap_or_else(|| Finding::ok(NAME, measured)))
}

/// Judges the partition of the present. A process has some time to divide it.
fn undivided(of: &PartitionedTable, settings: &DoctorSettings, now: Timestamp) -> Option<Finding> {
    let retention = if of.table == "audit" { settings.keeps_audit } else { Some(settings.keeps_events) };
    let usual = partition_length(retention);
    let since = of.present_since.filter(|since| now.since(*since) > usual * 2)?;
    let days = usual.as_secs() / DAY.as_secs();
    let days = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    Some(Finding::warn(
        NAME,
        format!("the present partition of {} is in use since {since}, the usual length is {days}", of.table),
        "its rows are removed together, and stay longer than their retention",
        "see that the job `partitions` of `svc consume` runs, or run `svc migrate` as the owner of the tables",
    ))
}

#[cfg(test)]
mod tests {
    use super::super::finding::FindingState::{Ok, Warn};
    use super::super::processes::tests::facts;
    use super::super::settings::tests::settings;
    use super::*;

    /// The verdict of a table whose last partition ends after this many days, whose first gap begins then,
    /// and whose present partition began that many days ago.
    fn verdict(end: u32, first_gap: Option<Timestamp>, since: u32) -> Finding {
        let now = Timestamp::from_micros(1_800_000_000_000_000).unwrap();
        let mut facts = facts(now, None);
        let table = PartitionedTable {
            table: "inbox".to_owned(),
            end: Some(now.plus(DAY * end)),
            first_gap,
            present_since: Some(now.minus(DAY * since)),
        };
        facts.server.as_mut().unwrap().partitions.push(table);
        let settings = DoctorSettings { keeps_events: DAY * 8, ..settings(1, false) };
        judge(&facts, &settings, now).unwrap()
    }

    #[test]
    fn a_gap_and_a_partition_in_use_for_long_are_named() {
        assert_eq!(verdict(100, None, 2).state, Ok);
        for (finding, words) in [
            (verdict(20, None, 0), "ends at"),
            (verdict(100, None, 3), "the usual length is 1 day"),
            (verdict(20, Some(Timestamp::EPOCH), 3), "inbox has no partition"),
        ] {
            assert!(finding.state == Warn && finding.measured.contains(words), "{finding:?}");
        }
    }
}
