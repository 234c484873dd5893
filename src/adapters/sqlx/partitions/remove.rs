//! Removes partitions whose retention is over.
//!
//! The rows of a partition that are still needed (an event that waits, a dead letter) are moved to the
//! partition before it, which is extended over the range of the removed one. So a dead letter a day does not
//! keep a partition a day. A partition with many such rows stays, and the clean-up of rows makes it small.

use uuid::Uuid;

use super::catalog::{
    AUDIT, INBOX, MOVED_AT_ONCE, OUTBOX, PAUSES, Table, WITH_LOCK, act_as_owner, count_up_to, may_change,
    number, partitions, run,
};
use super::layout::{Partition, bounds};
use super::undelivered::{Step, Walk};
use crate::adapters::sqlx::ids::first_at;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::Timestamp;
use crate::ports::events::{PartitionsKept, Removed};
use crate::ports::store::{StoreError, UnitOfWork};

/// The name of a constraint that is there only while a partition is extended.
const BOUND: &str = "svc_partition_bound";

/// A partition whose retention is over.
struct Expired {
    table: Table,
    partition: Partition,
    /// A query of the ids of its rows that are still needed. An id can be found twice.
    needed: String,
}

impl SqlxStore {
    /// Takes the next step of removing partitions.
    pub(super) async fn remove_next(
        &self,
        kept: &PartitionsKept,
        position: Option<&str>,
    ) -> Result<Removed, StoreError> {
        let over = kept.now.minus(kept.events);
        let walk = position.and_then(Walk::parse).unwrap_or_else(|| Walk::through(Uuid::nil()));
        let expired = self.expired(OUTBOX, over).await?;
        let next = expired.into_iter().find(|partition| partition.from >= Some(walk.partition));
        let Some(partition) = next else {
            return Ok(Removed { partitions: self.remove_others(kept).await?, next: None });
        };
        let (from, to) = (partition.from.unwrap_or_default(), partition.to.unwrap_or_else(Uuid::max));
        let walk = if walk.partition == from { walk } else { Walk::through(from) };
        let mut expired = Expired { table: OUTBOX, needed: needed(&partition, over, &[]), partition };
        let following = |partitions| Removed { partitions, next: Some(Walk::through(to).to_string()) };
        let mut work = self.begin_change().await?;
        // Before the walk, which is long.
        if too_many(&mut work, &expired).await? {
            return Ok(following(0));
        }
        let step = walk.step(&mut work, &expired.partition).await?;
        Box::new(work).commit().await?;
        match step {
            Step::Next(walk) => Ok(Removed { partitions: 0, next: Some(walk.to_string()) }),
            Step::TooMany => {
                let partition = &expired.partition.name;
                tracing::warn!(partition, "partition not removed: it has events that were never delivered");
                Ok(following(0))
            }
            Step::Over(undelivered) => {
                expired.needed = needed(&expired.partition, over, &undelivered);
                Ok(following(self.remove(&expired).await))
            }
        }
    }

    /// Removes the partitions of the inbox without events, and those of the audit trail.
    async fn remove_others(&self, kept: &PartitionsKept) -> Result<u64, StoreError> {
        let mut removed = 0;
        for partition in self.expired(INBOX, kept.now.minus(kept.events)).await? {
            let (from, to) = (partition.from.unwrap_or_default(), partition.to.unwrap_or_else(Uuid::max));
            // All entries of an event that is left are needed: they prevent that it is handled twice.
            let needed = format!("SELECT id FROM outbox WHERE id >= '{from}' AND id < '{to}'");
            removed += self.remove(&Expired { table: INBOX, partition, needed }).await;
        }
        if let Some(retention) = kept.audit {
            let over = kept.now.minus(retention);
            for partition in self.expired(AUDIT, over).await? {
                let needed = format!("SELECT event_id FROM {} WHERE occurred_at >= '{over}'", partition.name);
                removed += self.remove(&Expired { table: AUDIT, partition, needed }).await;
            }
        }
        Ok(removed)
    }

    /// Returns the partitions of a table that end before a time, oldest first, without the first one of
    /// all; none if this role may not remove them.
    async fn expired(&self, table: Table, over: Timestamp) -> Result<Vec<Partition>, StoreError> {
        let mut work = self.begin_change().await?;
        let all = partitions(&mut work, table).await?;
        let is_over = |partition: &Partition| partition.to.is_some_and(|to| to <= first_at(over));
        let mut expired: Vec<_> = all.into_iter().skip(1).filter(is_over).collect();
        if !expired.is_empty() && !may_change(&mut work, table).await? {
            tracing::debug!(table = table.name, "this role may not remove partitions");
            expired.clear();
        }
        Box::new(work).commit().await?;
        Ok(expired)
    }

    /// Removes a partition. Tries a few times if its table is in use, and logs why it is not removed. Returns
    /// the number of removed partitions.
    async fn remove(&self, expired: &Expired) -> u64 {
        let partition = &expired.partition.name;
        let mut pauses = PAUSES.into_iter();
        loop {
            match (self.try_remove(expired).await, pauses.next()) {
                (Ok(removed), _) => return removed.into(),
                (Err(StoreError::Unavailable(_)), Some(pause)) => tokio::time::sleep(pause).await,
                (Err(error), _) => {
                    tracing::warn!(partition, %error, "partition not removed, retrying later");
                    return 0;
                }
            }
        }
    }

    async fn try_remove(&self, expired: &Expired) -> Result<bool, StoreError> {
        let Expired { table, partition, .. } = expired;
        // The partition before it may have changed its range since it was read: it was extended.
        let mut work = self.begin_change().await?;
        let all = partitions(&mut work, *table).await?;
        let Some(place) = all.iter().position(|one| one == partition).filter(|place| *place > 0) else {
            return Ok(false);
        };
        let before = all[place - 1].clone();
        if before.to != partition.from || too_many(&mut work, expired).await? {
            return Ok(false);
        }
        prepare(&mut work, *table, &before, partition).await?;
        Box::new(work).commit().await?;
        let mut work = self.begin_change().await?;
        let validate = format!("ALTER TABLE {} VALIDATE CONSTRAINT {BOUND}", before.name);
        run(&mut work, validate).await?;
        Box::new(work).commit().await?;
        let mut work = self.begin_change().await?;
        let unchanged = partitions(&mut work, *table).await? == all;
        if !unchanged || !swap(&mut work, expired, &before).await? {
            return Ok(false);
        }
        Box::new(work).commit().await?;
        Ok(true)
    }
}

/// Returns whether more rows are needed than can be moved.
async fn too_many(work: &mut Work, expired: &Expired) -> Result<bool, StoreError> {
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
    run(work, sql).await
}

/// Removes the partition, extends the one before it, and moves the rows that are needed. Returns false if
/// they are too many now.
async fn swap(work: &mut Work, expired: &Expired, before: &Partition) -> Result<bool, StoreError> {
    let Expired { table: Table { name: parent, key }, partition, needed, .. } = expired;
    let (name, neighbour) = (&partition.name, &before.name);
    act_as_owner(work, expired.table).await?;
    run(work, format!("{WITH_LOCK}; LOCK TABLE ONLY {parent} IN ACCESS EXCLUSIVE MODE")).await?;
    // What is needed is read again: nothing can change any more.
    if too_many(work, expired).await? {
        return Ok(false);
    }
    let moved = format!("SELECT * FROM {name} WHERE {key} IN ({needed})");
    run(work, format!("CREATE TEMPORARY TABLE moved ON COMMIT DROP AS {moved}")).await?;
    let range = bounds((before.from, partition.to));
    let swap = format!(
        "DROP TABLE {name}; ALTER TABLE {parent} DETACH PARTITION {neighbour}; \
         ALTER TABLE {parent} ATTACH PARTITION {neighbour} {range}; \
         ALTER TABLE {neighbour} DROP CONSTRAINT {BOUND}; \
         INSERT INTO {parent} OVERRIDING SYSTEM VALUE SELECT * FROM pg_temp.moved"
    );
    run(work, swap).await?;
    let moved = number(work, "SELECT count(*) FROM pg_temp.moved".to_owned()).await?;
    tracing::info!(partition = name, moved, "partition removed");
    Ok(true)
}

/// Returns a query of the events of a partition that are still needed: not relayed, relayed recently, not
/// handled, not delivered, and the newest event, by which the change feed sees that it continues where it
/// stopped. Each part reads an index.
fn needed(partition: &Partition, over: Timestamp, undelivered: &[Uuid]) -> String {
    let (name, from, to) =
        (&partition.name, partition.from.unwrap_or_default(), partition.to.unwrap_or_else(Uuid::max));
    let within = format!("event_id >= '{from}' AND event_id < '{to}'");
    let undelivered: Vec<String> =
        [Uuid::nil()].iter().chain(undelivered).map(|id| format!("'{id}'")).collect();
    format!(
        "SELECT id FROM {name} WHERE relayed_at IS NULL \
         UNION ALL SELECT id FROM {name} WHERE relayed_at >= '{over}' \
         UNION ALL SELECT event_id FROM inbox WHERE state = 'pending' AND {within} \
         UNION ALL SELECT event_id FROM inbox WHERE state = 'dead' AND {within} \
         UNION ALL SELECT id FROM {name} WHERE seq = (SELECT max(seq) FROM outbox) \
         UNION ALL SELECT id FROM {name} WHERE id IN ({})",
        undelivered.join(", ")
    )
}
