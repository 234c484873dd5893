//! Looks for relayed events without inbox entries, which may still be at the broker, in a partition that is
//! to be removed. No index finds them, so a walk compares the ids of both tables, a slice per step.

use std::fmt;

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::layout::Partition;
use crate::adapters::sqlx::run::{Tx, in_work};
use crate::adapters::sqlx::unit_of_work::Work;
use crate::ports::store::StoreError;

/// How many events one step looks at: about 50 ms.
const SLICE: u32 = 20_000;
/// A partition with more such events is not removed: the broker or its consumer has been down.
const MOST: usize = 200;

/// A position in the walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Walk {
    /// The first id of the partition.
    pub(super) partition: Uuid,
    /// The events up to this id have been looked at.
    after: Uuid,
    /// The events without entries so far.
    pub(super) undelivered: Vec<Uuid>,
}

/// What a step found.
pub(super) enum Step {
    /// The walk goes on, or is over.
    Next(Walk),
    /// More events have no entries than can be moved.
    TooMany,
}

impl Walk {
    /// The walk through the partition with this first id, or the next one.
    pub(super) fn through(partition: Uuid) -> Self {
        let after = Uuid::from_u128(partition.as_u128().saturating_sub(1));
        Self { partition, after, undelivered: Vec::new() }
    }

    /// Parses a position. Returns `None` for another text, such as one of a later release.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut ids = text.split(' ').map(str::parse::<Uuid>);
        let (partition, after) = (ids.next()?.ok()?, ids.next()?.ok()?);
        Some(Self { partition, after, undelivered: ids.collect::<Result<_, _>>().ok()? })
    }

    /// Whether every event has been looked at.
    pub(super) fn is_over(&self) -> bool {
        self.after == Uuid::max()
    }

    /// Looks at the next events of the partition.
    pub(super) async fn step(mut self, work: &mut Work, partition: &Partition) -> Result<Step, StoreError> {
        let (name, after) = (&partition.name, self.after);
        let end =
            format!("SELECT id FROM {name} WHERE id > '{after}' ORDER BY id LIMIT 1 OFFSET {}", SLICE - 1);
        let mut ends: Vec<Uuid> =
            in_work!(work, |db| sqlx::query_scalar(AssertSqlSafe(end)).persistent(false).fetch_all(db))?;
        let end = ends.pop();
        let last = end.or(partition.to).unwrap_or_else(Uuid::max);
        // The bounds of both sides lead to a merge of the two primary keys.
        let sql = format!(
            "SELECT id FROM {name} WHERE id > '{after}' AND id <= '{last}' AND NOT EXISTS (SELECT 1 FROM inbox \
             WHERE event_id = {name}.id AND event_id > '{after}' AND event_id <= '{last}') LIMIT {}",
            MOST + 1
        );
        let found: Vec<Uuid> =
            in_work!(work, |db| sqlx::query_scalar(AssertSqlSafe(sql)).persistent(false).fetch_all(db))?;
        self.undelivered.extend(found);
        if self.undelivered.len() > MOST {
            return Ok(Step::TooMany);
        }
        Ok(Step::Next(Self { after: end.unwrap_or_else(Uuid::max), ..self }))
    }
}

impl fmt::Display for Walk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.partition, self.after)?;
        self.undelivered.iter().try_for_each(|id| write!(f, " {id}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_parsed_as_it_is_written() {
        let mut walk = Walk::through(Uuid::from_u128(7));
        assert_eq!(walk.after, Uuid::from_u128(6));
        for _ in 0..2 {
            assert_eq!(Walk::parse(&walk.to_string()), Some(walk.clone()));
            walk.undelivered = vec![Uuid::from_u128(8), Uuid::max()];
        }
        for other in ["", "x", "a later release's", "00000000-0000-0000-0000-000000000007"] {
            assert_eq!(Walk::parse(other), None, "{other}");
        }
    }
}
