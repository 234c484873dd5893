use std::collections::BTreeMap;

use async_trait::async_trait;
use futures_util::TryFutureExt;
use uuid::Uuid;

use crate::adapters::sqlx::error::corrupt;
use crate::adapters::sqlx::long_statement::long_statement;
use crate::adapters::sqlx::run::{Pool, on_pool};
use crate::adapters::sqlx::store::SqlxStore;
use crate::domain::{HashCensus, HashCost, PasswordHash, UserId};
use crate::ports::store::{HASHES_AT_ONCE, HashCensusStore, HashCount, StoreError};

const FIND: &str = "SELECT version, position, accounts, slots FROM hash_census WHERE id = 1";
/// The limit is a literal: PostgreSQL's planner estimates a parameter as a tenth of all rows.
const HASHES: &str = "SELECT id, password_hash FROM users WHERE id > $1 ORDER BY id LIMIT 1000";
const _: () = assert!(HASHES_AT_ONCE == 1000);
const REPLACE: &str = "INSERT INTO hash_census (id, version, position, accounts, slots) \
     VALUES (1, $1 + 1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET version = excluded.version, \
     position = excluded.position, accounts = excluded.accounts, slots = excluded.slots \
     WHERE hash_census.version = $1";

#[derive(sqlx::FromRow)]
struct CountRow {
    version: i64,
    position: Option<Uuid>,
    accounts: String,
    slots: String,
}

impl TryFrom<CountRow> for HashCount {
    type Error = StoreError;

    fn try_from(row: CountRow) -> Result<Self, StoreError> {
        let table = "hash census";
        let accounts: BTreeMap<String, u64> =
            serde_json::from_str(&row.accounts).map_err(|why| corrupt(table, "accounts", why))?;
        let runs: Vec<(Option<String>, usize)> =
            serde_json::from_str(&row.slots).map_err(|why| corrupt(table, "slots", why))?;
        let runs = runs.into_iter().map(|(cost, length)| (cost.as_deref().map(HashCost::new), length));
        Ok(Self {
            version: row.version,
            position: row.position.map(UserId),
            accounts: accounts.into_iter().map(|(cost, number)| (HashCost::new(&cost), number)).collect(),
            census: HashCensus::from_runs(runs).ok_or_else(|| corrupt(table, "slots", "is incomplete"))?,
        })
    }
}

#[async_trait]
impl HashCensusStore for SqlxStore {
    async fn find(&self) -> Result<HashCount, StoreError> {
        let row: Option<CountRow> = on_pool!(&self.worker, |db| sqlx::query_as(FIND).fetch_optional(db))?;
        row.map_or_else(|| Ok(HashCount::default()), HashCount::try_from)
    }

    async fn hashes(&self, after: Option<UserId>) -> Result<Vec<(UserId, PasswordHash)>, StoreError> {
        // No id sorts before the nil UUID.
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let rows: Vec<(Uuid, String)> =
            long_statement!(self.worker, |db| sqlx::query_as(HASHES).bind(after).fetch_all(db))?;
        Ok(rows.into_iter().map(|(id, hash)| (UserId(id), PasswordHash::new(hash))).collect())
    }

    async fn replace(&self, count: &HashCount) -> Result<bool, StoreError> {
        let accounts: BTreeMap<&str, u64> =
            count.accounts.iter().map(|(cost, number)| (cost.as_str(), *number)).collect();
        let runs: Vec<_> =
            count.census.runs().map(|(cost, length)| (cost.map(HashCost::as_str), length)).collect();
        let text =
            |value: serde_json::Result<String>| value.map_err(|why| corrupt("hash census", "text", why));
        let (accounts, slots) =
            (text(serde_json::to_string(&accounts))?, text(serde_json::to_string(&runs))?);
        let replaced = long_statement!(self.worker_writer, |db| {
            sqlx::query(REPLACE)
                .bind(count.version)
                .bind(count.position.map(|id| id.0))
                .bind(accounts)
                .bind(slots)
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })?;
        Ok(replaced == 1)
    }
}
