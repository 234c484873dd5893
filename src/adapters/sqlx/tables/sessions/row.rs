//! The columns of a session, and how a row of them is read.

use const_format::concatcp;
use uuid::Uuid;

use crate::adapters::sqlx::error::corrupt;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::domain::{Audience, Client, Generation, Revocation, Salt, Session, SessionId, UserId};
use crate::ports::store::StoreError;

/// The columns that are set when a session is created.
pub(super) const NEW_COLUMNS: &str = "id, user_id, generation, salt, label, client_address, client_agent, created_at, rotated_at, \
     idle_expires_at, absolute_expires_at, revoked_at, revoked_reason, audience";

/// All columns of a session.
pub(super) const COLUMNS: &str =
    concatcp!(NEW_COLUMNS, ", undelivered_generation, opened_address, opened_agent");

/// Binds the columns of a new session to a statement, from `$1` to `$14`.
macro_rules! bind_session {
    ($statement:expr, $session:expr) => {
        $statement
            .bind($session.id.0)
            .bind($session.user_id.0)
            .bind(i64::from($session.generation))
            .bind(&$session.salt.0[..])
            .bind($session.label.as_deref())
            .bind($session.client.address.map(|address| address.to_string()))
            .bind($session.client.agent.as_deref())
            .bind(SqlTimestamp($session.created_at))
            .bind(SqlTimestamp($session.rotated_at))
            .bind(SqlTimestamp($session.idle_expires_at))
            .bind(SqlTimestamp($session.absolute_expires_at))
            .bind($session.revoked.map(|revocation| SqlTimestamp(revocation.at)))
            .bind($session.revoked.map(|revocation| revocation.reason.as_str()))
            .bind($session.audience.as_ref().map(|audience| audience.as_str()))
    };
}
pub(in crate::adapters::sqlx) use bind_session;

/// A row of `sessions`.
#[derive(sqlx::FromRow)]
pub(in crate::adapters::sqlx) struct SessionRow {
    pub(in crate::adapters::sqlx) id: Uuid,
    pub(in crate::adapters::sqlx) user_id: Uuid,
    generation: i64,
    salt: Vec<u8>,
    label: Option<String>,
    client_address: Option<String>,
    client_agent: Option<String>,
    created_at: SqlTimestamp,
    rotated_at: SqlTimestamp,
    idle_expires_at: SqlTimestamp,
    absolute_expires_at: SqlTimestamp,
    revoked_at: Option<SqlTimestamp>,
    revoked_reason: Option<String>,
    audience: Option<String>,
    undelivered_generation: Option<i64>,
    opened_address: Option<String>,
    opened_agent: Option<String>,
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        let session = format!("session {}", row.id);
        let salt = row.salt.try_into().map_err(|_| corrupt(&session, "salt", "must have 16 bytes"))?;
        let client = |(address, agent): (Option<String>, Option<String>), column| {
            let address = address.map(|text| text.parse()).transpose();
            let address = address.map_err(|why| corrupt(&session, column, why))?;
            Ok::<_, StoreError>(Client { address, agent })
        };
        let opener = (row.opened_address, row.opened_agent);
        let is_known = opener.0.is_some() || opener.1.is_some();
        let reason = row.revoked_reason.map(|word| word.parse()).transpose();
        let generation =
            |number: i64| Generation::try_from(number).map_err(|why| corrupt(&session, "generation", why));
        let reason = reason.map_err(|why| corrupt(&session, "revoked_reason", why))?;
        Ok(Self {
            id: SessionId(row.id),
            user_id: UserId(row.user_id),
            generation: generation(row.generation)?,
            undelivered: row.undelivered_generation.map(generation).transpose()?,
            salt: Salt(salt),
            label: row.label,
            audience: row.audience.map(Audience::stored),
            client: client((row.client_address, row.client_agent), "client_address")?,
            opener: is_known.then(|| client(opener, "opened_address")).transpose()?,
            created_at: row.created_at.0,
            rotated_at: row.rotated_at.0,
            idle_expires_at: row.idle_expires_at.0,
            absolute_expires_at: row.absolute_expires_at.0,
            revoked: row.revoked_at.zip(reason).map(|(at, reason)| Revocation { at: at.0, reason }),
        })
    }
}

/// Matches the sessions of the user `$1` that are live at `$2`.
pub(super) const LIVE: &str =
    "user_id = $1 AND revoked_at IS NULL AND idle_expires_at > $2 AND absolute_expires_at > $2";
