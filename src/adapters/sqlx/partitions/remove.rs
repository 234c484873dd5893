//! Removes partitions whose retention is over, one per step.

use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

use super::catalog::{AUDIT, INBOX, OUTBOX, PAUSES, Table, act_as_owner, may_change, partitions};
use super::empty::{Expired, too_many};
use super::layout::Partition;
use super::position::Position;
use super::undelivered::{Step, Walk};
use crate::adapters::sqlx::ids::first_at;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::Timestamp;
use crate::ports::events::{PartitionsKept, Removed};
use crate::ports::store::{StoreError, UnitOfWork};

/// No attempt to remove a partition begins so long after the first one: a step ends before the lease of its
/// job.
const ATTEMPTS_WITHIN: Duration = Duration::from_secs(5);

impl SqlxStore {
    /// Takes the next step of removing partitions.
    pub(super) async fn remove_next(
        &self,
        kept: &PartitionsKept,
        position: Option<&str>,
    ) -> Result<Removed, StoreError> {
        match position.and_then(Position::parse).unwrap_or_default() {
            Position::Outbox(walk) => self.remove_of_outbox(kept, walk).await,
            Position::Inbox(from) => self.remove_of_inbox(kept, from).await,
            Position::Audit(from) => self.remove_of_audit(kept, from).await,
        }
    }

    async fn remove_of_outbox(&self, kept: &PartitionsKept, walk: Walk) -> Result<Removed, StoreError> {
        let over = kept.now.minus(kept.events);
        // Until the end of the step no other process changes partitions.
        let mut work = self.begin_change().await?;
        let Some(partition) = expired(&mut work, OUTBOX, over, walk.partition).await? else {
            return Ok(Position::Inbox(Uuid::nil()).after(0));
        };
        let (from, to) = (first(&partition), last(&partition));
        let walk = if walk.partition == from { walk } else { Walk::through(from) };
        let following = Position::Outbox(Walk::through(to));
        let needed = needed(&partition, over, &walk.undelivered);
        let expired = Expired { table: OUTBOX, partition, needed };
        if walk.is_over() {
            Box::new(work).commit().await?;
            return Ok(following.after(self.remove(&expired).await));
        }
        act_as_owner(&mut work, OUTBOX).await?;
        // Before the walk, which is long.
        if too_many(&mut work, &expired).await? {
            return Ok(following.after(0));
        }
        let step = walk.step(&mut work, &expired.partition).await?;
        Box::new(work).commit().await?;
        match step {
            Step::Next(walk) => Ok(Position::Outbox(walk).after(0)),
            Step::TooMany => {
                let partition = &expired.partition.name;
                tracing::warn!(partition, "partition not removed: it has events that were never delivered");
                Ok(following.after(0))
            }
        }
    }

    /// Removes a partition of the inbox without events.
    async fn remove_of_inbox(&self, kept: &PartitionsKept, from: Uuid) -> Result<Removed, StoreError> {
        let Some(partition) = self.find_expired(INBOX, kept.now.minus(kept.events), from).await? else {
            return Ok(Position::Audit(Uuid::nil()).after(0));
        };
        let (from, to) = (first(&partition), last(&partition));
        // All entries of an event that is left are needed: they prevent that it is handled twice.
        let needed = format!("SELECT id FROM outbox WHERE id >= '{from}' AND id < '{to}'");
        let removed = self.remove(&Expired { table: INBOX, partition, needed }).await;
        Ok(Position::Inbox(to).after(removed))
    }

    async fn remove_of_audit(&self, kept: &PartitionsKept, from: Uuid) -> Result<Removed, StoreError> {
        let Some(retention) = kept.audit else { return Ok(Removed::default()) };
        let over = kept.now.minus(retention);
        let Some(partition) = self.find_expired(AUDIT, over, from).await? else {
            return Ok(Removed::default());
        };
        let to = last(&partition);
        let needed = format!("SELECT event_id FROM {} WHERE occurred_at >= '{over}'", partition.name);
        let removed = self.remove(&Expired { table: AUDIT, partition, needed }).await;
        Ok(Position::Audit(to).after(removed))
    }

    async fn find_expired(
        &self,
        table: Table,
        over: Timestamp,
        from: Uuid,
    ) -> Result<Option<Partition>, StoreError> {
        let mut work = self.begin_change().await?;
        let found = expired(&mut work, table, over, from).await?;
        Box::new(work).commit().await?;
        Ok(found)
    }

    /// Removes a partition. Tries a few times if its table is in use, and logs why it is not removed. Returns
    /// the number of removed partitions.
    async fn remove(&self, expired: &Expired) -> u64 {
        let partition = &expired.partition.name;
        let mut pauses = PAUSES.into_iter();
        let began = Instant::now();
        loop {
            let pause = pauses.next().filter(|_| began.elapsed() < ATTEMPTS_WITHIN);
            match (self.try_remove(expired).await, pause) {
                (Ok(removed), _) => return removed.into(),
                (Err(error), Some(pause)) if error.may_pass() => tokio::time::sleep(pause).await,
                (Err(error), _) => {
                    tracing::warn!(partition, %error, "partition not removed, retrying later");
                    return 0;
                }
            }
        }
    }
}

/// Returns the first partition of a table that begins at or after an id and ends before a time. The first one
/// of all is never removed; nor is another one if this role may not remove it.
async fn expired(
    work: &mut Work,
    table: Table,
    over: Timestamp,
    from: Uuid,
) -> Result<Option<Partition>, StoreError> {
    let is_over = |one: &Partition| one.from >= Some(from) && one.to.is_some_and(|to| to <= first_at(over));
    let found = partitions(work, table).await?.into_iter().skip(1).find(is_over);
    if found.is_some() && !may_change(work, table).await? {
        tracing::debug!(table = table.name, "this role may not remove partitions");
        return Ok(None);
    }
    Ok(found)
}

fn first(partition: &Partition) -> Uuid {
    partition.from.unwrap_or_default()
}

fn last(partition: &Partition) -> Uuid {
    partition.to.unwrap_or_else(Uuid::max)
}

/// Returns a query of the events of a partition that are still needed: not relayed, relayed recently, not
/// handled, not delivered, and the newest event, by which the change feed sees that it continues where it
/// stopped. Each part reads an index.
fn needed(partition: &Partition, over: Timestamp, undelivered: &[Uuid]) -> String {
    let (name, from, to) = (&partition.name, first(partition), last(partition));
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
