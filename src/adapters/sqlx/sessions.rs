use async_trait::async_trait;
use futures_util::TryFutureExt;
use uuid::Uuid;

use super::SqlxStore;
use super::error::corrupt;
use super::moment::Moment;
use super::run::{Pool, Tx, in_work, on_pool};
use super::unit_of_work::Work;
use crate::domain::{Client, Generation, Revocation, Salt, Session, SessionId, Timestamp, UserId};
use crate::ports::store::{SessionReader, Sessions, StoreError};

macro_rules! session {
    () => {
        "id, user_id, generation, salt, label, client_address, client_agent, created_at, rotated_at, \
         idle_expires_at, absolute_expires_at, revoked_at, revoked_reason"
    };
}

const FIND: &str = concat!("SELECT ", session!(), " FROM sessions WHERE id = $1");
const LIVE_OF: &str = concat!(
    "SELECT ",
    session!(),
    " FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND idle_expires_at > $2 \
     AND absolute_expires_at > $2 ORDER BY created_at DESC, id DESC"
);
/// Nothing is returned: SQLite commits a statement when it is run to its end, and whoever stops at the first row does
/// not hear that the disk was full.
const ROTATE: &str = "UPDATE sessions SET generation = $3, rotated_at = $4, idle_expires_at = $5, \
     client_address = $6, client_agent = $7 \
     WHERE id = $1 AND generation = $2 AND revoked_at IS NULL AND idle_expires_at > $4 \
     AND absolute_expires_at > $4";
const INSERT: &str = concat!(
    "INSERT INTO sessions (",
    session!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
);
const REVOKE: &str = "UPDATE sessions SET revoked_at = $2, revoked_reason = $3 \
     WHERE id = $1 AND revoked_at IS NULL RETURNING id";
const REVOKE_ALL_OF: &str = "UPDATE sessions SET revoked_at = $2, revoked_reason = $3 \
     WHERE user_id = $1 AND id <> $4 AND revoked_at IS NULL AND idle_expires_at > $2 \
     AND absolute_expires_at > $2 RETURNING id";

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: Uuid,
    user_id: Uuid,
    generation: i64,
    salt: Vec<u8>,
    label: Option<String>,
    client_address: Option<String>,
    client_agent: Option<String>,
    created_at: Moment,
    rotated_at: Moment,
    idle_expires_at: Moment,
    absolute_expires_at: Moment,
    revoked_at: Option<Moment>,
    revoked_reason: Option<String>,
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        let session = format!("session {}", row.id);
        let salt = row.salt.try_into().map_err(|_| corrupt(&session, "salt", "must have 16 bytes"))?;
        let address = row.client_address.map(|text| text.parse()).transpose();
        let reason = row.revoked_reason.map(|word| word.parse()).transpose();
        let reason = reason.map_err(|why| corrupt(&session, "revoked_reason", why))?;
        Ok(Self {
            id: SessionId(row.id),
            user_id: UserId(row.user_id),
            generation: row.generation.try_into().map_err(|why| corrupt(&session, "generation", why))?,
            salt: Salt(salt),
            label: row.label,
            client: Client {
                address: address.map_err(|why| corrupt(&session, "client_address", why))?,
                agent: row.client_agent,
            },
            created_at: row.created_at.0,
            rotated_at: row.rotated_at.0,
            idle_expires_at: row.idle_expires_at.0,
            absolute_expires_at: row.absolute_expires_at.0,
            revoked: row.revoked_at.zip(reason).map(|(at, reason)| Revocation { at: at.0, reason }),
        })
    }
}

#[async_trait]
impl SessionReader for SqlxStore {
    async fn find(&self, id: SessionId) -> Result<Option<Session>, StoreError> {
        let row: Option<SessionRow> =
            on_pool!(&self.readers, |db| sqlx::query_as(FIND).bind(id.0).fetch_optional(db))?;
        row.map(Session::try_from).transpose()
    }

    async fn live_of(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let rows: Vec<SessionRow> = on_pool!(&self.readers, |db| {
            sqlx::query_as(LIVE_OF).bind(user.0).bind(Moment(now)).fetch_all(db)
        })?;
        rows.into_iter().map(Session::try_from).collect()
    }

    async fn rotate(&self, from: Generation, rotated: &Session) -> Result<bool, StoreError> {
        let rows = on_pool!(&self.writer, |db| {
            sqlx::query(ROTATE)
                .bind(rotated.id.0)
                .bind(i64::from(from))
                .bind(i64::from(rotated.generation))
                .bind(Moment(rotated.rotated_at))
                .bind(Moment(rotated.idle_expires_at))
                .bind(rotated.client.address.map(|address| address.to_string()))
                .bind(rotated.client.agent.as_deref())
                .execute(db)
                .map_ok(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }
}

#[async_trait]
impl Sessions for Work {
    async fn insert(&mut self, session: &Session) -> Result<(), StoreError> {
        in_work!(self, |db| {
            sqlx::query(INSERT)
                .bind(session.id.0)
                .bind(session.user_id.0)
                .bind(i64::from(session.generation))
                .bind(&session.salt.0[..])
                .bind(session.label.as_deref())
                .bind(session.client.address.map(|address| address.to_string()))
                .bind(session.client.agent.as_deref())
                .bind(Moment(session.created_at))
                .bind(Moment(session.rotated_at))
                .bind(Moment(session.idle_expires_at))
                .bind(Moment(session.absolute_expires_at))
                .bind(session.revoked.map(|revocation| Moment(revocation.at)))
                .bind(session.revoked.map(|revocation| revocation.reason.as_str()))
                .execute(db)
                .map_ok(drop)
        })
    }

    async fn revoke(&mut self, id: SessionId, revocation: Revocation) -> Result<bool, StoreError> {
        let revoked: Option<Uuid> = in_work!(self, |db| {
            sqlx::query_scalar(REVOKE)
                .bind(id.0)
                .bind(Moment(revocation.at))
                .bind(revocation.reason.as_str())
                .fetch_optional(db)
        })?;
        Ok(revoked.is_some())
    }

    async fn revoke_all_of(
        &mut self,
        user: UserId,
        except: Option<SessionId>,
        revocation: Revocation,
    ) -> Result<Vec<SessionId>, StoreError> {
        let revoked: Vec<Uuid> = in_work!(self, |db| {
            sqlx::query_scalar(REVOKE_ALL_OF)
                .bind(user.0)
                .bind(Moment(revocation.at))
                .bind(revocation.reason.as_str())
                // No session has the nil id.
                .bind(except.map_or(Uuid::nil(), |id| id.0))
                .fetch_all(db)
        })?;
        Ok(revoked.into_iter().map(SessionId).collect())
    }
}
