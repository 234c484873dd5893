use async_trait::async_trait;
use futures_util::TryFutureExt;

use crate::adapters::sqlx::error::corrupt;
use crate::adapters::sqlx::lock::locking;
use crate::adapters::sqlx::run::{Pool, Tx, in_work, on_pool};
use crate::adapters::sqlx::statement::Statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::{KeyId, SigningKey};
use crate::ports::store::{SigningKeyReader, SigningKeys, StoreError};

const ALL: &str = "SELECT id, algorithm, status, public_jwk, sealed_private, created_at, activates_at, activated_at, \
     retired_at, compromised_at FROM signing_keys ORDER BY created_at, id";
const LOCK_ALL: Statement = locking!(ALL);
const INSERT: &str = "INSERT INTO signing_keys (id, algorithm, status, public_jwk, sealed_private, created_at, \
     activates_at, activated_at, retired_at, compromised_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const SET_STAGE: &str = "UPDATE signing_keys SET status = $2, activates_at = $3, activated_at = $4, \
     retired_at = $5, compromised_at = $6 WHERE id = $1";
const DELETE: &str = "DELETE FROM signing_keys WHERE id = $1";
const REPLACE_SEALED: &str =
    "UPDATE signing_keys SET sealed_private = $1 WHERE id = $2 AND sealed_private = $3";

#[derive(sqlx::FromRow)]
struct SigningKeyRow {
    id: String,
    algorithm: String,
    status: String,
    public_jwk: String,
    sealed_private: Vec<u8>,
    created_at: SqlTimestamp,
    activates_at: Option<SqlTimestamp>,
    activated_at: Option<SqlTimestamp>,
    retired_at: Option<SqlTimestamp>,
    compromised_at: Option<SqlTimestamp>,
}

impl TryFrom<SigningKeyRow> for SigningKey {
    type Error = StoreError;

    fn try_from(row: SigningKeyRow) -> Result<Self, StoreError> {
        let key = format!("signing key {}", row.id);
        Ok(Self {
            algorithm: row.algorithm.parse().map_err(|why| corrupt(&key, "algorithm", why))?,
            status: row.status.parse().map_err(|why| corrupt(&key, "status", why))?,
            id: KeyId(row.id),
            public_jwk: row.public_jwk,
            sealed_private: row.sealed_private,
            created_at: row.created_at.0,
            activates_at: row.activates_at.map(|moment| moment.0),
            activated_at: row.activated_at.map(|moment| moment.0),
            retired_at: row.retired_at.map(|moment| moment.0),
            compromised_at: row.compromised_at.map(|moment| moment.0),
        })
    }
}

#[async_trait]
impl SigningKeyReader for SqlxStore {
    async fn all(&self) -> Result<Vec<SigningKey>, StoreError> {
        let rows: Vec<SigningKeyRow> = on_pool!(&self.readers, |db| sqlx::query_as(ALL).fetch_all(db))?;
        rows.into_iter().map(SigningKey::try_from).collect()
    }
}

#[async_trait]
impl SigningKeys for Work {
    async fn lock_all(&mut self) -> Result<Vec<SigningKey>, StoreError> {
        let lock = LOCK_ALL.on(&self.tx);
        let rows: Vec<SigningKeyRow> = in_work!(self, |db| sqlx::query_as(lock).fetch_all(db))?;
        rows.into_iter().map(SigningKey::try_from).collect()
    }

    async fn insert(&mut self, key: &SigningKey) -> Result<(), StoreError> {
        in_work!(self, |db| {
            sqlx::query(INSERT)
                .bind(&key.id.0)
                .bind(key.algorithm.as_str())
                .bind(key.status.as_str())
                .bind(&key.public_jwk)
                .bind(&key.sealed_private)
                .bind(SqlTimestamp(key.created_at))
                .bind(key.activates_at.map(SqlTimestamp))
                .bind(key.activated_at.map(SqlTimestamp))
                .bind(key.retired_at.map(SqlTimestamp))
                .bind(key.compromised_at.map(SqlTimestamp))
                .execute(db)
                .map_ok(drop)
        })
    }

    async fn set_stage(&mut self, key: &SigningKey) -> Result<(), StoreError> {
        in_work!(self, |db| {
            sqlx::query(SET_STAGE)
                .bind(&key.id.0)
                .bind(key.status.as_str())
                .bind(key.activates_at.map(SqlTimestamp))
                .bind(key.activated_at.map(SqlTimestamp))
                .bind(key.retired_at.map(SqlTimestamp))
                .bind(key.compromised_at.map(SqlTimestamp))
                .execute(db)
                .map_ok(drop)
        })
    }

    async fn delete(&mut self, id: &KeyId) -> Result<(), StoreError> {
        in_work!(self, |db| sqlx::query(DELETE).bind(&id.0).execute(db).map_ok(drop))
    }

    async fn replace_sealed(&mut self, id: &KeyId, before: &[u8], after: &[u8]) -> Result<bool, StoreError> {
        in_work!(self, |db| {
            sqlx::query(REPLACE_SEALED)
                .bind(after)
                .bind(&id.0)
                .bind(before)
                .execute(db)
                .map_ok(|done| done.rows_affected() == 1)
        })
    }
}
