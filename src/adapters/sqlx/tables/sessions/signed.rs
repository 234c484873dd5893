//! The sessions for which a signing key may have signed access tokens.

use async_trait::async_trait;
use const_format::concatcp;
use uuid::Uuid;

use super::row::LIVE;
use crate::adapters::sqlx::run::{Pool, Tx, in_work, on_pool};
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::{Revocation, SessionId, SignedSessions, UserId};
use crate::ports::store::{SignedSessionChanges, SignedSessionReader, StoreError};

/// The number of sessions that are looked at by one statement.
const SLICE: usize = 500;

/// Walks all sessions by id: the key signed for most of those that are live.
const LOOK: &str = "SELECT id, user_id, CASE WHEN revoked_at IS NULL AND created_at <= $2 \
     AND (rotated_at >= $3 OR undelivered_generation IS NOT NULL) THEN 1 ELSE 0 END AS signed \
     FROM sessions WHERE id > $1 ORDER BY id LIMIT 500";
const _: () = assert!(SLICE == 500);

const REVOKE: &str = concatcp!(
    "UPDATE sessions SET revoked_at = $2, revoked_reason = $3 WHERE revoked_at IS NULL \
     AND id IN (SELECT id FROM sessions WHERE ",
    LIVE,
    " AND created_at <= $4 AND (rotated_at >= $5 OR undelivered_generation IS NOT NULL) \
     ORDER BY id LIMIT $6) RETURNING id"
);

#[derive(sqlx::FromRow)]
struct LookedAt {
    id: Uuid,
    user_id: Uuid,
    signed: i32,
}

#[async_trait]
impl SignedSessionReader for SqlxStore {
    async fn users_among(
        &self,
        signed: SignedSessions,
        after: Option<SessionId>,
    ) -> Result<(Vec<UserId>, Option<SessionId>), StoreError> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let rows: Vec<LookedAt> = on_pool!(&self.readers, |db| {
            sqlx::query_as(LOOK)
                .bind(after)
                .bind(SqlTimestamp(signed.opened_until))
                .bind(SqlTimestamp(signed.refreshed_since))
                .fetch_all(db)
        })?;
        let next = rows.get(SLICE.saturating_sub(1)).map(|last| SessionId(last.id));
        let mut users: Vec<_> =
            rows.iter().filter(|row| row.signed == 1).map(|row| UserId(row.user_id)).collect();
        users.sort_unstable();
        users.dedup();
        Ok((users, next))
    }
}

#[async_trait]
impl SignedSessionChanges for Work {
    async fn revoke_signed_of(
        &mut self,
        user: UserId,
        signed: SignedSessions,
        revocation: Revocation,
        limit: u32,
    ) -> Result<Vec<SessionId>, StoreError> {
        let revoked: Vec<Uuid> = in_work!(self, |db| {
            sqlx::query_scalar(REVOKE)
                .bind(user.0)
                .bind(SqlTimestamp(revocation.at))
                .bind(revocation.reason.as_str())
                .bind(SqlTimestamp(signed.opened_until))
                .bind(SqlTimestamp(signed.refreshed_since))
                .bind(i64::from(limit))
                .fetch_all(db)
        })?;
        Ok(revoked.into_iter().map(SessionId).collect())
    }
}
