//! Takes the rows out of a partition, and all but a few of them out of the database.
//!
//! The rows of a partition that are still needed (an event that waits, a dead letter) are moved to the
//! partition before it, which is extended over the range of the removed one. So a dead letter a day does not
//! keep a partition a day. A partition with many such rows stays, and the clean-up of rows makes it small. It
//! is not extended as long as it is large; then the next partition stays as well, with its needed rows alone.

use uuid::Uuid;

use super::catalog::{
    MOVED_AT_ONCE, Table, WITH_LOCK, count_up_to, is_large, keep_vacuum_away, number, partitions, run,
};
use super::layout::{Partition, bounds};
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::ports::store::{StoreError, UnitOfWork};

/// The name of a constraint that is there only while a partition is extended.
const BOUND: &str = "svc_partition_bound";

/// A partition whose retention is over.
pub(super) struct Expired {
    pub(super) table: Table,
    pub(super) partition: Partition,
    /// A query of the ids of its rows that are still needed. An id can be found twice.
    pub(super) needed: String,
}

/// What becomes of the range of an emptied partition.
enum Range<'a> {
    /// The partition before it is extended over it.
    Joins(&'a Partition),
    /// The partition is created again.
    Stays,
}

impl SqlxStore {
    /// Removes a partition, or makes it small. Returns whether it did.
    pub(super) async fn try_remove(&self, expired: &Expired) -> Result<bool, StoreError> {
        let Expired { table, partition, .. } = expired;
        // The partition before it may have changed its range since it was read: it was extended.
        let mut work = self.begin_change_of(*table).await?;
        let all = partitions(&mut work, *table).await?;
        let Some(place) = all.iter().position(|one| one == partition).filter(|place| *place > 0) else {
            return Ok(false);
        };
        let before = all[place - 1].clone();
        if before.to != partition.from || too_many(&mut work, expired).await? {
            return Ok(false);
        }
        if is_large(&mut work, &before).await? {
            // A small one costs little, and the next ones join it.
            let is_empty =
                is_large(&mut work, partition).await? && empty(&mut work, expired, &Range::Stays).await?;
            Box::new(work).commit().await?;
            return Ok(is_empty);
        }
        prepare(&mut work, *table, &before, partition).await?;
        Box::new(work).commit().await?;
        let mut work = self.begin_change_of(*table).await?;
        keep_vacuum_away(&mut work, &[&before]).await?;
        let validate = format!("ALTER TABLE {} VALIDATE CONSTRAINT {BOUND}", before.name);
        run(&mut work, validate).await?;
        Box::new(work).commit().await?;
        let mut work = self.begin_change_of(*table).await?;
        let unchanged = partitions(&mut work, *table).await? == all;
        if !unchanged || !empty(&mut work, expired, &Range::Joins(&before)).await? {
            return Ok(false);
        }
        Box::new(work).commit().await?;
        Ok(true)
    }
}

/// Returns whether more rows are needed than can be moved.
pub(super) async fn too_many(work: &mut Work, expired: &Expired) -> Result<bool, StoreError> {
    let count = count_up_to(work, &expired.needed, MOVED_AT_ONCE).await?;
    if count > MOVED_AT_ONCE {
        let partition = &expired.partition.name;
        tracing::info!(partition, "partition not removed: too many of its rows are needed");
    }
    Ok(count > MOVED_AT_ONCE)
}

/// Adds a constraint that holds the future range of a partition, so that PostgreSQL need not read the
/// partition while others wait. It refuses no row: the present range is narrower. One that a killed process
/// left behind is replaced.
async fn prepare(
    work: &mut Work,
    table: Table,
    before: &Partition,
    partition: &Partition,
) -> Result<(), StoreError> {
    let (name, key) = (&before.name, table.key);
    let from = before.from.map_or_else(String::new, |from| format!("{key} >= '{from}' AND "));
    let to = partition.to.unwrap_or_else(Uuid::max);
    let sql = format!(
        "ALTER TABLE {name} DROP CONSTRAINT IF EXISTS {BOUND}; \
         ALTER TABLE {name} ADD CONSTRAINT {BOUND} CHECK ({from}{key} < '{to}') NOT VALID"
    );
    keep_vacuum_away(work, &[before]).await?;
    run(work, sql).await
}

/// Takes everything but the rows that are needed out of a partition. Returns false if they are too many now.
async fn empty(work: &mut Work, expired: &Expired, range: &Range<'_>) -> Result<bool, StoreError> {
    let Expired { table: Table { name: parent, key }, partition, needed, .. } = expired;
    let name = &partition.name;
    let changed: &[&Partition] = match range {
        Range::Joins(before) => &[before, partition],
        Range::Stays => &[partition],
    };
    keep_vacuum_away(work, changed).await?;
    run(work, format!("{WITH_LOCK}; LOCK TABLE ONLY {parent} IN ACCESS EXCLUSIVE MODE")).await?;
    // What is needed is read again: nothing can change any more.
    if too_many(work, expired).await? {
        return Ok(false);
    }
    let moved = format!("SELECT * FROM {name} WHERE {key} IN ({needed})");
    run(work, format!("CREATE TEMPORARY TABLE moved ON COMMIT DROP AS {moved}")).await?;
    let change = match range {
        Range::Joins(Partition { name: neighbour, from, .. }) => format!(
            "ALTER TABLE {parent} DETACH PARTITION {neighbour}; \
             ALTER TABLE {parent} ATTACH PARTITION {neighbour} {}; \
             ALTER TABLE {neighbour} DROP CONSTRAINT {BOUND}",
            bounds((*from, partition.to))
        ),
        Range::Stays => {
            format!("CREATE TABLE {name} PARTITION OF {parent} {}", bounds((partition.from, partition.to)))
        }
    };
    let back = format!("INSERT INTO {parent} OVERRIDING SYSTEM VALUE SELECT * FROM pg_temp.moved");
    run(work, format!("DROP TABLE {name}; {change}; {back}")).await?;
    let moved = number(work, "SELECT count(*) FROM pg_temp.moved".to_owned()).await?;
    match range {
        Range::Joins(_) => tracing::info!(partition = name, moved, "partition removed"),
        Range::Stays => tracing::info!(partition = name, moved, "partition emptied"),
    }
    Ok(true)
}
