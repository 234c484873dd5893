//! Which partitions there should be.
//!
//! From past to future, a table has a partition for all ids before its first day, one per day (or per one or
//! four weeks, if its rows are kept long), a longer one, a very long one, and one for all later ids. So every
//! id has a partition. As long as the long ones are not divided, rows go there.

use std::time::Duration;

use uuid::Uuid;

use crate::adapters::sqlx::ids::first_at;
use crate::domain::Timestamp;
pub(super) use crate::ports::events::partition_length as width;

const DAY: u64 = 24 * 60 * 60 * 1000;
/// How many partitions of the normal length there are from the present one on. The worker may be stopped for
/// as long as the last of them before a long one is used.
const AHEAD: u64 = 3;
/// How far the partitions of the two longer lengths reach, and their lengths, in normal lengths.
const LONG: u64 = 32;
const VERY_LONG: u64 = 1024;

/// A partition, and the range of its ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Partition {
    /// Its name, quoted for a statement.
    pub(super) name: String,
    /// Its first id; `None`: the lowest one.
    pub(super) from: Option<Uuid>,
    /// The first id after it; `None`: it has the highest one.
    pub(super) to: Option<Uuid>,
}

impl Partition {
    /// Parses the bounds as PostgreSQL prints them. Returns `None` for a partition of another kind.
    pub(super) fn parse(name: String, bounds: &str) -> Option<Self> {
        let (from, to) = bounds.strip_prefix("FOR VALUES FROM (")?.strip_suffix(')')?.split_once(") TO (")?;
        let bound = |text: &str, open: &str| match text {
            text if text == open => Some(None),
            text => text.trim_matches('\'').parse::<Uuid>().ok().map(Some),
        };
        Some(Self { name, from: bound(from, "MINVALUE")?, to: bound(to, "MAXVALUE")? })
    }

    /// Returns the ids at which it should be divided.
    pub(super) fn cuts(&self, now: Timestamp, width: Duration) -> Vec<Uuid> {
        let width = u64::try_from(width.as_millis()).unwrap_or(u64::MAX).max(1);
        let next = |at: u64, width: u64| (at / width + 1).saturating_mul(width);
        let present = millis(first_at(now)) / width * width;
        // An id in the middle of a millisecond belongs to a partition that someone else made.
        let from = self.from.map(millis);
        let mut at = from.unwrap_or(0).max(present);
        let mut cuts = Vec::new();
        if from.is_none_or(|from| from < present) {
            cuts.push(present);
        }
        for (until, width) in [(AHEAD, width), (LONG, width * LONG), (VERY_LONG, width * VERY_LONG)]
            .map(|(count, length)| (present + count * width, length))
        {
            while at < until {
                at = next(at, width);
                cuts.push(at);
            }
        }
        let ids =
            cuts.into_iter().filter(|cut| *cut < 1 << 48).map(|cut| Uuid::from_u128(u128::from(cut) << 80));
        ids.filter(|id| self.from.is_none_or(|from| *id > from) && self.to.is_none_or(|to| *id < to))
            .collect()
    }

    /// Returns the ranges between its bounds and these ids.
    pub(super) fn divided(&self, cuts: &[Uuid]) -> Vec<Range> {
        let mut starts = vec![self.from];
        starts.extend(cuts.iter().copied().map(Some));
        let ends = starts[1..].iter().copied().chain([self.to]);
        starts.iter().copied().zip(ends).collect()
    }
}

/// The first id of a partition and the first one after it; `None`: the lowest and the highest one.
pub(super) type Range = (Option<Uuid>, Option<Uuid>);

/// Returns the ranges without a partition, of partitions in the order of their ids.
pub(super) fn gaps(partitions: &[Partition]) -> Vec<Range> {
    let (Some(first), Some(last)) = (partitions.first(), partitions.last()) else { return Vec::new() };
    let before = first.from.map(|from| (None, Some(from)));
    let between = partitions.windows(2).map(|pair| (pair[0].to, pair[1].from));
    let after = last.to.map(|to| (Some(to), None));
    before.into_iter().chain(between.filter(|(to, from)| to < from)).chain(after).collect()
}

/// Returns the name of a partition of `table`.
pub(super) fn name(table: &str, (from, to): Range) -> String {
    match (from, to) {
        (None, _) => format!("{table}_past"),
        (_, None) => format!("{table}_future"),
        (Some(from), Some(_)) => {
            let from = millis(from);
            let time = time(from).to_string();
            let date = time[..10].replace('-', "");
            if from.is_multiple_of(DAY) {
                format!("{table}_{date}")
            } else {
                format!("{table}_{date}_{from}")
            }
        }
    }
}

/// Returns when the last partition with an end ends; `None` if there is no partition, or only one.
pub(super) fn end(partitions: &[Partition]) -> Option<Timestamp> {
    let open = partitions.iter().find(|partition| partition.to.is_none())?;
    Some(time(millis(open.from?)))
}

/// Returns when the first range without a partition begins; `None` if every id has one.
pub(super) fn first_gap(partitions: &[Partition]) -> Option<Timestamp> {
    gaps(partitions).first().map(|(from, _)| time(from.map_or(0, millis)))
}

/// Returns when the partition of the ids of a moment begins; `None` if there is none.
pub(super) fn begin_of(partitions: &[Partition], moment: Timestamp) -> Option<Timestamp> {
    let id = first_at(moment);
    let holds = |one: &&Partition| one.from <= Some(id) && one.to.is_none_or(|to| id < to);
    partitions.iter().find(holds).map(|one| time(one.from.map_or(0, millis)))
}

/// Writes a range for a statement.
pub(super) fn bounds((from, to): Range) -> String {
    let bound = |id: Option<Uuid>, open: &str| id.map_or_else(|| open.to_owned(), |id| format!("'{id}'"));
    format!("FOR VALUES FROM ({}) TO ({})", bound(from, "MINVALUE"), bound(to, "MAXVALUE"))
}

fn time(millis: u64) -> Timestamp {
    Timestamp::from_micros(i64::try_from(millis * 1000).unwrap_or(0)).unwrap_or(Timestamp::EPOCH)
}

fn millis(id: Uuid) -> u64 {
    u64::try_from(id.as_u128() >> 80).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Duration = Duration::from_millis(DAY);

    fn day(day: u64) -> Uuid {
        Uuid::from_u128(u128::from(day * DAY) << 80)
    }

    fn partition(from: Option<u64>, to: Option<u64>) -> Partition {
        Partition { name: String::new(), from: from.map(day), to: to.map(day) }
    }

    /// The days at which a partition is divided at noon of day 20,000.
    fn cuts(from: Option<u64>, to: Option<u64>) -> Vec<u64> {
        let noon = Timestamp::EPOCH.plus(Duration::from_hours(24 * 20_000 + 12));
        partition(from, to).cuts(noon, ONE).into_iter().map(|id| millis(id) / DAY).collect()
    }

    #[test]
    fn the_present_and_the_next_days_are_divided_and_the_rest_in_steps() {
        // 20,032 is a multiple of 32, and 20,480 of 1024.
        assert_eq!(cuts(None, None), [20_000, 20_001, 20_002, 20_003, 20_032, 20_480, 21_504]);
        assert_eq!(cuts(Some(20_000), Some(20_032)), [20_001, 20_002, 20_003]);
        // A day later one more is needed.
        assert_eq!(cuts(Some(20_002), Some(20_032)), [20_003]);
        assert_eq!(cuts(Some(20_031), Some(20_032)), [] as [u64; 0]);
        assert_eq!(cuts(Some(19_990), Some(20_005)), [20_000, 20_001, 20_002, 20_003]);
        for (from, to) in [(None, Some(20_000)), (Some(19_000), Some(19_032)), (Some(20_000), Some(20_001))] {
            assert_eq!(cuts(from, to), [] as [u64; 0], "{from:?} {to:?}");
        }
        // The end of the long ones comes nearer.
        assert_eq!(cuts(Some(20_010), None), [20_032, 20_480, 21_504]);
        assert_eq!(cuts(Some(21_504), None), [] as [u64; 0]);
    }

    #[test]
    fn a_clock_at_the_end_of_time_leaves_one_partition() {
        let last = Timestamp::EPOCH.plus(Duration::MAX);
        let all = partition(Some(20_000), None);
        assert!(all.cuts(last, ONE).len() <= 7);
        assert!(all.cuts(Timestamp::EPOCH, ONE).is_empty());
    }

    #[test]
    fn bounds_are_parsed_as_they_are_written() {
        for (from, to) in [(None, Some(1)), (Some(1), Some(2)), (Some(2), None), (None, None)] {
            let made = partition(from, to);
            assert_eq!(Partition::parse(String::new(), &bounds((made.from, made.to))), Some(made));
        }
        for other in ["DEFAULT", "FOR VALUES IN ('a')", "FOR VALUES FROM ('x') TO ('y')", ""] {
            assert_eq!(Partition::parse(String::new(), other), None, "{other}");
        }
    }

    #[test]
    fn a_long_retention_makes_longer_partitions() {
        let days = |kept| width(Some(ONE * kept)).as_secs() / (24 * 60 * 60);
        assert_eq!([1, 32, 33, 224, 225, 365, 10_000].map(days), [1, 1, 7, 7, 28, 28, 28]);
        assert_eq!(width(None), ONE * 28);
    }

    #[test]
    fn a_gap_and_the_partition_of_a_moment_are_found() {
        let all = [partition(None, Some(1)), partition(Some(1), Some(3)), partition(Some(5), None)];
        let at = |days| Timestamp::EPOCH.plus(ONE * days);
        assert_eq!(first_gap(&[partition(None, Some(1)), partition(Some(1), None)]), None);
        let found = [&all[..], &all[1..], &all[..2], &all[2..]].map(first_gap);
        assert_eq!(found, [Some(at(3)), Some(at(0)), Some(at(3)), Some(at(0))]);
        let begins = [0, 1, 2, 3, 4, 5].map(|days| begin_of(&all, at(days)));
        assert_eq!(begins, [Some(at(0)), Some(at(1)), Some(at(1)), None, None, Some(at(5))]);
    }

    #[test]
    fn names_have_the_first_day() {
        let made = partition(None, Some(20_000)).divided(&[day(19_999)]);
        assert_eq!(made, [(None, Some(day(19_999))), (Some(day(19_999)), Some(day(20_000)))]);
        let names: Vec<_> = made.into_iter().map(|range| name("audit", range)).collect();
        assert_eq!(names, ["audit_past", "audit_20241003"]);
        assert_eq!(name("audit", (Some(day(1)), None)), "audit_future");
        assert_eq!(name("audit", (Some(Uuid::from_u128(1 << 80)), Some(day(1)))), "audit_19700101_1");
    }
}
