mod clean;
mod rotate;
mod row;
mod signed;
mod start;
mod with_user;

use async_trait::async_trait;
use const_format::concatcp;
use futures_util::TryFutureExt;
use uuid::Uuid;

use self::row::{COLUMNS, LIVE, NEW_COLUMNS, SessionRow, bind_session};
use self::with_user::{SessionWithUserRow, with_user};
use crate::adapters::sqlx::run::{Pool, Tx, in_work, on_pool};
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::tables::user_row;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::{Revocation, Session, SessionId, Timestamp, User, UserId};
use crate::ports::store::{LONGEST_PAGE, SessionReader, Sessions, StoreError};

const FIND: &str = concatcp!("SELECT ", COLUMNS, " FROM sessions WHERE id = $1");
const FIND_WITH_USER: &str = with_user!("sessions", "WHERE id = $1");
/// A page of sessions in any state after the id `$1`. The inner limit is for PostgreSQL's planner, as in the
/// pages of users, and so that it joins no more users than the page has.
macro_rules! page {
    ($filter:literal) => {
        with_user!(
            concatcp!(
                "(SELECT * FROM sessions WHERE id < $1",
                $filter,
                " ORDER BY id DESC LIMIT 256) AS page"
            ),
            "ORDER BY id DESC LIMIT $2"
        )
    };
}
const PAGE: &str = page!("");
const PAGE_OF: &str = page!(" AND user_id = $3");

/// The inner limit is for PostgreSQL's planner, as in the pages of users.
const LIVE_PAGE: &str = concatcp!(
    "SELECT * FROM (SELECT ",
    COLUMNS,
    " FROM sessions WHERE ",
    LIVE,
    " AND id < $3 ORDER BY id DESC LIMIT 256) AS page ORDER BY id DESC LIMIT $4"
);
const _: () = assert!(LONGEST_PAGE == 256);
const INSERT: &str = concatcp!(
    "INSERT INTO sessions (",
    NEW_COLUMNS,
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
);
const REVOKE: &str = "UPDATE sessions SET revoked_at = $2, revoked_reason = $3 \
     WHERE id = $1 AND revoked_at IS NULL RETURNING id";
const REVOKE_LIVE_OF: &str = concatcp!(
    "UPDATE sessions SET revoked_at = $2, revoked_reason = $3 WHERE revoked_at IS NULL \
     AND id IN (SELECT id FROM sessions WHERE ",
    LIVE,
    " AND id <> $4 ORDER BY id LIMIT $5) RETURNING id"
);
const REVOKE_IDLE_OF: &str = concatcp!(
    "UPDATE sessions SET revoked_at = $2, revoked_reason = $3 WHERE revoked_at IS NULL \
     AND id IN (SELECT id FROM sessions WHERE ",
    LIVE,
    " ORDER BY rotated_at DESC, id DESC LIMIT $5 OFFSET $4) RETURNING id"
);
const DELETE_OF: &str =
    "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE user_id = $1 LIMIT $2)";

#[async_trait]
impl SessionReader for SqlxStore {
    async fn find(&self, id: SessionId) -> Result<Option<Session>, StoreError> {
        let row: Option<SessionRow> =
            on_pool!(&self.readers, |db| sqlx::query_as(FIND).bind(id.0).fetch_optional(db))?;
        row.map(Session::try_from).transpose()
    }

    async fn find_with_user(&self, id: SessionId) -> Result<Option<(Session, User)>, StoreError> {
        let row: Option<SessionWithUserRow> =
            on_pool!(&self.readers, |db| sqlx::query_as(FIND_WITH_USER).bind(id.0).fetch_optional(db))?;
        row.map(TryInto::try_into).transpose()
    }

    async fn live_page(
        &self,
        user: UserId,
        now: Timestamp,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError> {
        // No id sorts after the greatest UUID.
        let after = after.map_or(Uuid::max(), |id| id.0);
        let rows: Vec<SessionRow> = on_pool!(&self.readers, |db| {
            sqlx::query_as(LIVE_PAGE)
                .bind(user.0)
                .bind(SqlTimestamp(now))
                .bind(after)
                .bind(i64::from(limit))
                .fetch_all(db)
        })?;
        rows.into_iter().map(Session::try_from).collect()
    }

    async fn any_page(
        &self,
        user: Option<UserId>,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<(Session, User)>, StoreError> {
        // No id sorts after the greatest UUID.
        let (after, limit) = (after.map_or(Uuid::max(), |id| id.0), i64::from(limit));
        let rows: Vec<SessionWithUserRow> = match user {
            None => {
                on_pool!(&self.readers, |db| { sqlx::query_as(PAGE).bind(after).bind(limit).fetch_all(db) })
            }
            Some(user) => on_pool!(&self.readers, |db| {
                sqlx::query_as(PAGE_OF).bind(after).bind(limit).bind(user.0).fetch_all(db)
            }),
        }?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

#[async_trait]
impl Sessions for Work {
    async fn insert(&mut self, session: &Session) -> Result<(), StoreError> {
        in_work!(self, |db| bind_session!(sqlx::query(INSERT), session).execute(db).map_ok(drop))
    }

    async fn revoke(&mut self, id: SessionId, revocation: Revocation) -> Result<bool, StoreError> {
        let revoked: Option<Uuid> = in_work!(self, |db| {
            sqlx::query_scalar(REVOKE)
                .bind(id.0)
                .bind(SqlTimestamp(revocation.at))
                .bind(revocation.reason.as_str())
                .fetch_optional(db)
        })?;
        Ok(revoked.is_some())
    }

    async fn revoke_live_of(
        &mut self,
        user: UserId,
        except: Option<SessionId>,
        revocation: Revocation,
        limit: u32,
    ) -> Result<Vec<SessionId>, StoreError> {
        let revoked: Vec<Uuid> = in_work!(self, |db| {
            sqlx::query_scalar(REVOKE_LIVE_OF)
                .bind(user.0)
                .bind(SqlTimestamp(revocation.at))
                .bind(revocation.reason.as_str())
                // No session has the nil UUID.
                .bind(except.map_or(Uuid::nil(), |id| id.0))
                .bind(i64::from(limit))
                .fetch_all(db)
        })?;
        Ok(revoked.into_iter().map(SessionId).collect())
    }

    async fn revoke_idle_of(
        &mut self,
        user: UserId,
        keep: u32,
        revocation: Revocation,
        limit: u32,
    ) -> Result<Vec<SessionId>, StoreError> {
        let revoked: Vec<Uuid> = in_work!(self, |db| {
            sqlx::query_scalar(REVOKE_IDLE_OF)
                .bind(user.0)
                .bind(SqlTimestamp(revocation.at))
                .bind(revocation.reason.as_str())
                .bind(i64::from(keep))
                .bind(i64::from(limit))
                .fetch_all(db)
        })?;
        Ok(revoked.into_iter().map(SessionId).collect())
    }

    async fn delete_of(&mut self, user: UserId, limit: u32) -> Result<u64, StoreError> {
        in_work!(self, |db| {
            sqlx::query(DELETE_OF)
                .bind(user.0)
                .bind(i64::from(limit))
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })
    }
}
