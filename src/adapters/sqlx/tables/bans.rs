use async_trait::async_trait;
use const_format::concatcp;
use futures_util::TryFutureExt;
use uuid::Uuid;

use crate::adapters::sqlx::error::corrupt;
use crate::adapters::sqlx::oldest::oldest;
use crate::adapters::sqlx::run::{Pool, Tx, in_work, on_pool};
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::{Ban, BanEnd, BanId, BanReason, BanTarget, Timestamp, UserId};
use crate::ports::store::{BanReader, Bans, StoreError};

const SELECT: &str = "SELECT id, network, user_id, reason, version, created_at, ends_at FROM bans WHERE ";

const NOT_ENDED: &str = "(ends_at IS NULL OR ends_at > $1)";

const VERSION: &str = "SELECT version FROM ban_list";
const LIVE: &str = concatcp!(SELECT, NOT_ENDED, " ORDER BY id");
const COUNT_LIVE: &str = concatcp!("SELECT count(*) FROM bans WHERE ", NOT_ENDED);
const FIND: &str = concatcp!(SELECT, "id = $1");
const FIND_OF: &str = concatcp!(SELECT, "network = $1 OR user_id = $2");
const BEGIN_CHANGE: &str = "INSERT INTO ban_list (id, version) VALUES (1, $1) \
     ON CONFLICT (id) DO UPDATE SET version = excluded.version";
const REMOVE_OF: &str = "DELETE FROM bans WHERE network = $1 OR user_id = $2";
const INSERT: &str = "INSERT INTO bans (id, network, user_id, reason, version, created_at, ends_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const REMOVE: &str = "DELETE FROM bans WHERE id = $1";
const CLEAN: &str = oldest!("bans", "id", "ends_at < $1", "ends_at");

#[derive(sqlx::FromRow)]
struct BanRow {
    id: Uuid,
    network: Option<String>,
    user_id: Option<Uuid>,
    reason: Option<String>,
    version: i64,
    created_at: SqlTimestamp,
    ends_at: Option<SqlTimestamp>,
}

impl TryFrom<BanRow> for Ban {
    type Error = StoreError;

    fn try_from(row: BanRow) -> Result<Self, StoreError> {
        let ban = format!("ban {}", row.id);
        let target = match (row.network, row.user_id) {
            (Some(network), None) => {
                BanTarget::Network(network.parse().map_err(|why| corrupt(&ban, "network", why))?)
            }
            (None, Some(user)) => BanTarget::User(UserId(user)),
            _ => return Err(corrupt(&ban, "network", "must be set if there is no user")),
        };
        Ok(Self {
            id: BanId(row.id),
            target,
            reason: row.reason.map(BanReason::stored),
            version: row.version,
            created_at: row.created_at.0,
            end: BanEnd::of(row.ends_at.map(|moment| moment.0)),
        })
    }
}

/// Returns the columns of a target: the network and the user.
fn columns(target: BanTarget) -> (Option<String>, Option<Uuid>) {
    match target {
        BanTarget::Network(network) => (Some(network.to_string()), None),
        BanTarget::User(user) => (None, Some(user.0)),
    }
}

#[async_trait]
impl BanReader for SqlxStore {
    async fn version(&self) -> Result<Option<Uuid>, StoreError> {
        on_pool!(&self.change_feed, |db| sqlx::query_scalar(VERSION).fetch_optional(db))
    }

    async fn live(&self, now: Timestamp) -> Result<Vec<Ban>, StoreError> {
        let rows: Vec<BanRow> =
            on_pool!(&self.change_feed, |db| sqlx::query_as(LIVE).bind(SqlTimestamp(now)).fetch_all(db))?;
        rows.into_iter().map(Ban::try_from).collect()
    }

    async fn clean(&self, ended_before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.remove_oldest(CLEAN, ended_before, limit).await
    }
}

#[async_trait]
impl Bans for Work {
    async fn begin_change(&mut self, version: Uuid) -> Result<(), StoreError> {
        in_work!(self, |db| sqlx::query(BEGIN_CHANGE).bind(version).execute(db).map_ok(drop))
    }

    async fn find(&mut self, id: BanId) -> Result<Option<Ban>, StoreError> {
        let row: Option<BanRow> = in_work!(self, |db| sqlx::query_as(FIND).bind(id.0).fetch_optional(db))?;
        row.map(Ban::try_from).transpose()
    }

    async fn find_of(&mut self, target: BanTarget) -> Result<Option<Ban>, StoreError> {
        let (network, user) = columns(target);
        let row: Option<BanRow> =
            in_work!(self, |db| sqlx::query_as(FIND_OF).bind(network).bind(user).fetch_optional(db))?;
        row.map(Ban::try_from).transpose()
    }

    async fn count_live(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        let count: i64 =
            in_work!(self, |db| sqlx::query_scalar(COUNT_LIVE).bind(SqlTimestamp(now)).fetch_one(db))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    async fn put(&mut self, ban: &Ban) -> Result<(), StoreError> {
        let (network, user) = columns(ban.target);
        in_work!(self, |db| sqlx::query(REMOVE_OF).bind(network).bind(user).execute(db).map_ok(drop))?;
        let (network, user) = columns(ban.target);
        in_work!(self, |db| {
            sqlx::query(INSERT)
                .bind(ban.id.0)
                .bind(network)
                .bind(user)
                .bind(ban.reason.as_ref().map(BanReason::as_str))
                .bind(ban.version)
                .bind(SqlTimestamp(ban.created_at))
                .bind(ban.end.at().map(SqlTimestamp))
                .execute(db)
                .map_ok(drop)
        })
    }

    async fn remove(&mut self, id: BanId) -> Result<bool, StoreError> {
        in_work!(self, |db| {
            sqlx::query(REMOVE).bind(id.0).execute(db).map_ok(|done| done.rows_affected() == 1)
        })
    }
}
