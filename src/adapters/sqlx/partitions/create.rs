//! Divides the partitions of the present and the future.

use std::time::Duration;

use uuid::Uuid;

use super::catalog::{
    MOVED_AT_ONCE, PAUSES, Table, WITH_LOCK, act_as_owner, count_up_to, may_change, partitions, run,
};
use super::layout::{self, Partition};
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::Timestamp;
use crate::ports::events::ENDS_SOON;
use crate::ports::store::{StoreError, UnitOfWork};

impl SqlxStore {
    /// Divides the partitions of one table. A table that is in use is tried a few times.
    pub(super) async fn divide(
        &self,
        table: Table,
        now: Timestamp,
        width: Duration,
    ) -> Result<(), StoreError> {
        for pause in PAUSES {
            match self.try_divide(table, now, width).await {
                Err(StoreError::Unavailable(_)) => tokio::time::sleep(pause).await,
                result => return result,
            }
        }
        self.try_divide(table, now, width).await
    }

    async fn try_divide(&self, table: Table, now: Timestamp, width: Duration) -> Result<(), StoreError> {
        let mut work = self.begin_change().await?;
        let mut all = partitions(&mut work, table).await?;
        let gaps = layout::gaps(&all);
        let may_fill = !gaps.is_empty() && may_change(&mut work, table).await?;
        if may_fill {
            act_as_owner(&mut work, table).await?;
            for range in gaps {
                fill(&mut work, table, range).await?;
            }
            all = partitions(&mut work, table).await?;
        }
        let wanted = all.iter().map(|one| (one, one.cuts(now, width))).filter(|(_, cuts)| !cuts.is_empty());
        let wanted: Vec<_> = wanted.collect();
        let ends_soon = layout::end(&all).is_some_and(|end| end < now.plus(ENDS_SOON));
        if may_fill || !wanted.is_empty() {
            if may_change(&mut work, table).await? {
                act_as_owner(&mut work, table).await?;
                for (partition, cuts) in wanted {
                    divide_one(&mut work, table, partition, &cuts).await?;
                }
                return Box::new(work).commit().await;
            }
            tracing::debug!(table = table.name, "this role may not create partitions");
        }
        if ends_soon {
            tracing::warn!(
                table = table.name,
                "the last partition will soon be in use: run `svc migrate` as the owner of the table"
            );
        }
        Ok(())
    }
}

/// Creates a partition for ids that have none, since their partition was removed or detached by hand.
async fn fill(work: &mut Work, table: Table, range: layout::Range) -> Result<(), StoreError> {
    let (name, bounds) = (layout::name(table.name, range), layout::bounds(range));
    tracing::warn!(partition = name, "partition is missing, created again");
    run(work, format!("{WITH_LOCK}; CREATE TABLE {name} PARTITION OF {} {bounds}", table.name)).await
}

/// Replaces a partition by several. Its rows are moved if they are few, such as those of a process whose
/// clock is ahead. One with many rows stays as it is: it is in use, and is removed as a whole later.
async fn divide_one(
    work: &mut Work,
    table: Table,
    partition: &Partition,
    cuts: &[Uuid],
) -> Result<(), StoreError> {
    let (name, parent) = (&partition.name, table.name);
    let rows = format!("SELECT 1 FROM {name}");
    if count_up_to(work, &rows, MOVED_AT_ONCE).await? > MOVED_AT_ONCE {
        tracing::warn!(partition = name, "partition has too many rows to be divided, and stays long");
        return Ok(());
    }
    run(work, format!("{WITH_LOCK}; LOCK TABLE ONLY {parent} IN ACCESS EXCLUSIVE MODE")).await?;
    // Nothing can be inserted any more.
    let moved = count_up_to(work, &rows, MOVED_AT_ONCE).await?;
    if moved > MOVED_AT_ONCE {
        return Ok(());
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
    Ok(())
}
