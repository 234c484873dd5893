//! The partitions of the outbox, the inbox and the audit trail on PostgreSQL.
//!
//! **Here**: which partitions there should be (`layout`), what there is (`catalog`), dividing those of the
//! present and the future (`create`), looking for events that no handler got (`undelivered`), removing those
//! whose retention is over (`remove`, `position`, `empty`), and which rows are removed one by one (`alone`).
//!
//! Removing a partition costs the same whatever is in it; removing its rows one by one would write as much as
//! inserting them did. There is no default partition: PostgreSQL reads all of it when a partition is created.

mod alone;
mod catalog;
mod create;
mod empty;
mod layout;
mod position;
mod remove;
mod undelivered;

use std::time::Duration;

use self::catalog::{AUDIT, INBOX, OUTBOX};
use self::layout::width;
use super::clock::server_time;
use super::run::Pool;
use super::store::SqlxStore;
use super::unit_of_work::Work;
use crate::domain::Timestamp;
use crate::ports::events::{Partitions, PartitionsKept, Removed};
use crate::ports::inspection::PartitionedTable;
use crate::ports::store::StoreError;
use async_trait::async_trait;

/// The largest difference between the clock of a process and that of the database at which partitions are
/// created and removed.
const APART: Duration = Duration::from_mins(1);

impl SqlxStore {
    /// Measures the partitions of each table that has any, at this moment.
    pub(super) async fn partitioned_tables(
        &self,
        now: Timestamp,
    ) -> Result<Vec<PartitionedTable>, StoreError> {
        let mut work = Work::begin(&self.readers, &self.signals).await?;
        let mut tables = Vec::new();
        for table in [OUTBOX, INBOX, AUDIT] {
            let all = catalog::partitions(&mut work, table).await?;
            if !all.is_empty() {
                tables.push(PartitionedTable {
                    table: table.name.to_owned(),
                    end: layout::end(&all),
                    first_gap: layout::first_gap(&all),
                    present_since: layout::begin_of(&all, now),
                });
            }
        }
        Ok(tables)
    }
}

#[async_trait]
impl Partitions for SqlxStore {
    async fn agree_with(&self, now: Timestamp) -> Result<bool, StoreError> {
        if matches!(self.schema, Pool::Sqlite(_)) {
            return Ok(true);
        }
        // On the connection of the changes: a pooler may have no second session.
        let mut work = Work::begin_long(&self.schema, &self.signals).await?;
        let Some(server) = server_time(&mut work).await? else { return Ok(true) };
        let apart = now.since(server).max(server.since(now));
        if apart > APART {
            let seconds = apart.as_secs();
            tracing::warn!(seconds, "clock differs from that of the database: partitions left as they are");
        }
        Ok(apart <= APART)
    }

    async fn create_partitions(&self, kept: &PartitionsKept) -> Result<(), StoreError> {
        if matches!(self.schema, Pool::Sqlite(_)) {
            return Ok(());
        }
        let events = width(Some(kept.events));
        for (table, width) in [(OUTBOX, events), (INBOX, events), (AUDIT, width(kept.audit))] {
            // One table does not keep the others waiting.
            if let Err(error) = self.divide(table, kept.now, width).await {
                tracing::warn!(table = table.name, %error, "partitions not created, retrying later");
            }
        }
        Ok(())
    }

    async fn remove_partitions(
        &self,
        kept: &PartitionsKept,
        position: Option<&str>,
    ) -> Result<Removed, StoreError> {
        if matches!(self.schema, Pool::Sqlite(_)) {
            return Ok(Removed::default());
        }
        self.remove_next(kept, position).await
    }
}
