//! Divides the partitions of the present and the future.

use std::collections::BTreeSet;
use std::time::Duration;

use uuid::Uuid;

use super::catalog::{
    MOVED_AT_ONCE, PAUSES, Table, WITH_LOCK, act_as_owner, count_up_to, keep_vacuum_away, may_change,
    partitions, run,
};
use super::layout::{self, Partition};
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::Timestamp;
use crate::ports::events::ENDS_SOON;
use crate::ports::store::{StoreError, UnitOfWork};

impl SqlxStore {
    /// Divides the partitions of one table, each in a transaction of its own: the locks of one do not last
    /// until all are divided. A table that is in use is tried a few times.
    pub(super) async fn divide(
        &self,
        table: Table,
        now: Timestamp,
        width: Duration,
    ) -> Result<(), StoreError> {
        let mut undivided = BTreeSet::new();
        let mut pauses = PAUSES.into_iter();
        loop {
            match self.divide_next(table, now, width, &mut undivided).await {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(error) if error.may_pass() => match pauses.next() {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => return Err(error),
                },
                Err(error) => return Err(error),
            }
        }
    }

    /// Fills a gap between partitions, or divides the next one of them that is not in `undivided`. Returns
    /// whether there may be more to do.
    async fn divide_next(
        &self,
        table: Table,
        now: Timestamp,
        width: Duration,
        undivided: &mut BTreeSet<String>,
    ) -> Result<bool, StoreError> {
        let mut work = self.begin_change().await?;
        let all = partitions(&mut work, table).await?;
        let gap = layout::gaps(&all).first().copied();
        let wanted = all.iter().filter(|one| !undivided.contains(&one.name));
        let wanted = wanted.map(|one| (one, one.cuts(now, width))).find(|(_, cuts)| !cuts.is_empty());
        if gap.is_some() || wanted.is_some() {
            if may_change(&mut work, table).await? {
                act_as_owner(&mut work, table).await?;
                match (gap, wanted) {
                    (Some(range), _) => fill(&mut work, table, range).await?,
                    (None, Some((partition, cuts))) => {
                        if !divide_one(&mut work, table, partition, &cuts).await? {
                            undivided.insert(partition.name.clone());
                        }
                    }
                    (None, None) => {}
                }
                return Box::new(work).commit().await.map(|()| true);
            }
            tracing::debug!(table = table.name, "this role may not create partitions");
        }
        if layout::end(&all).is_some_and(|end| end < now.plus(ENDS_SOON)) {
            tracing::warn!(
                table = table.name,
                "the last partition will soon be in use: run `svc migrate` as the owner of the table"
            );
        }
        Ok(false)
    }
}

/// Creates a partition for ids that have none, since their partition was removed or detached by hand.
async fn fill(work: &mut Work, table: Table, range: layout::Range) -> Result<(), StoreError> {
    let (name, bounds) = (layout::name(table.name, range), layout::bounds(range));
    tracing::warn!(partition = name, "partition is missing, created again");
    run(work, format!("{WITH_LOCK}; CREATE TABLE {name} PARTITION OF {} {bounds}", table.name)).await
}

/// Replaces a partition by several. Its rows are moved if they are few, such as those of a process whose
/// clock is ahead. One with many rows stays as it is: it is in use, and is removed as a whole later. Returns
/// whether it was divided.
async fn divide_one(
    work: &mut Work,
    table: Table,
    partition: &Partition,
    cuts: &[Uuid],
) -> Result<bool, StoreError> {
    let (name, parent) = (&partition.name, table.name);
    let rows = format!("SELECT 1 FROM {name}");
    if count_up_to(work, &rows, MOVED_AT_ONCE).await? > MOVED_AT_ONCE {
        tracing::warn!(partition = name, "partition has too many rows to be divided, and stays long");
        return Ok(false);
    }
    keep_vacuum_away(work, &[partition]).await?;
    run(work, format!("{WITH_LOCK}; LOCK TABLE ONLY {parent} IN ACCESS EXCLUSIVE MODE")).await?;
    // Nothing can be inserted any more.
    let moved = count_up_to(work, &rows, MOVED_AT_ONCE).await?;
    if moved > MOVED_AT_ONCE {
        return Ok(false);
    }
    if moved > 0 {
        run(work, format!("CREATE TEMPORARY TABLE moved ON COMMIT DROP AS SELECT * FROM {name}")).await?;
    }
    run(work, format!("DROP TABLE {name}")).await?;
    for range in partition.divided(cuts) {
        let (name, bounds) = (layout::name(parent, range), layout::bounds(range));
        run(work, format!("CREATE TABLE {name} PARTITION OF {parent} {bounds}")).await?;
    }
    if moved > 0 {
        let back = format!("INSERT INTO {parent} OVERRIDING SYSTEM VALUE SELECT * FROM pg_temp.moved");
        run(work, format!("{back}; DROP TABLE pg_temp.moved")).await?;
    }
    tracing::info!(partition = name, parts = cuts.len() + 1, moved, "partition divided");
    Ok(true)
}
