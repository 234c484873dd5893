//! Replaces a refresh token by its successor.

use async_trait::async_trait;
use const_format::concatcp;
use futures_util::TryFutureExt;

use super::row::{COLUMNS, SessionRow};
use super::with_user::SessionWithUserRow;
use crate::adapters::sqlx::error::corrupt;
use crate::adapters::sqlx::run::{Pool, Tx, in_work, on_pool};
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::tables::user_row;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::{Audience, Generation, Session, SessionId, User};
use crate::ports::store::{Rotated, Rotation, Rotations, StoreError, UndeliveredRotations};

/// Rotates, and returns the session with `$user`, the columns of its user that are needed.
macro_rules! rotate {
    ($user:expr) => {
        concatcp!(
            "UPDATE sessions SET generation = generation + 1, rotated_at = $4, client_address = $6, \
             client_agent = $7, \
             opened_address = CASE WHEN generation = 0 THEN client_address ELSE opened_address END, \
             opened_agent = CASE WHEN generation = 0 THEN client_agent ELSE opened_agent END, \
             idle_expires_at = CASE WHEN absolute_expires_at < $5 THEN absolute_expires_at ELSE $5 END \
             WHERE id = $1 AND generation = $2 AND salt = $3 AND revoked_at IS NULL \
             AND idle_expires_at > $4 AND absolute_expires_at > $4 \
             AND (audience IS NULL OR replace($8, '\n' || audience || '\n', '') <> $8) \
             AND EXISTS (SELECT 1 FROM users WHERE users.id = user_id AND status = 'active') RETURNING ",
            COLUMNS,
            $user
        )
    };
}
const ROTATE: &str = rotate!(", (SELECT role FROM users WHERE users.id = user_id) AS role");
const ROTATE_READING_USER: &str = rotate!(user_row::LOOKED_UP);

/// Changes the row in any case, so that it waits for a rotation whose COMMIT was given up and goes on, as
/// while a synchronous standby is away: by the generation in its condition it would pass over that row, and
/// the mark would be forgotten.
const MARK_UNDELIVERED: &str = "UPDATE sessions SET undelivered_generation = \
     CASE WHEN generation = $2 THEN $2 ELSE undelivered_generation END WHERE id = $1";

#[derive(sqlx::FromRow)]
struct RotatedRow {
    #[sqlx(flatten)]
    session: SessionRow,
    role: String,
}

/// Binds a rotation to one of the two statements.
macro_rules! bind_rotation {
    ($statement:expr, $rotation:expr) => {
        $statement
            .bind($rotation.session_id.0)
            .bind(i64::from($rotation.generation))
            .bind(&$rotation.salt.0[..])
            .bind(SqlTimestamp($rotation.at))
            .bind(SqlTimestamp($rotation.idle_expires_at))
            .bind($rotation.client.address.map(|address| address.to_string()))
            .bind($rotation.client.agent.as_deref())
            .bind(lines($rotation.audiences.others()))
    };
}

/// The audiences in a form in which both databases can look for one: a line break before and after each. None
/// contains a line break.
fn lines(audiences: &[Audience]) -> String {
    audiences.iter().fold("\n".to_owned(), |lines, audience| lines + audience.as_str() + "\n")
}

#[async_trait]
impl Rotations for SqlxStore {
    /// Fetches all rows, although there is at most one: SQLite commits only when the statement has run to
    /// completion, and a caller that stops at the first row would miss the error of a full disk.
    async fn rotate(&self, rotation: &Rotation) -> Result<Option<Rotated>, StoreError> {
        if rotation.reads_user {
            let mut rows: Vec<SessionWithUserRow> = on_pool!(&self.writer, |db| {
                bind_rotation!(sqlx::query_as(ROTATE_READING_USER), rotation).fetch_all(db)
            })?;
            let Some(row) = rows.pop() else { return Ok(None) };
            let (session, user): (Session, User) = row.try_into()?;
            return Ok(Some(Rotated { session, role: user.role, user: Some(user) }));
        }
        let mut rows: Vec<RotatedRow> =
            on_pool!(&self.writer, |db| bind_rotation!(sqlx::query_as(ROTATE), rotation).fetch_all(db))?;
        let Some(row) = rows.pop() else { return Ok(None) };
        let role = row.role.parse().map_err(|why| corrupt("the user of a session", "role", why))?;
        Ok(Some(Rotated { session: row.session.try_into()?, role, user: None }))
    }
}

#[async_trait]
impl UndeliveredRotations for Work {
    async fn mark_undelivered(&mut self, id: SessionId, generation: Generation) -> Result<(), StoreError> {
        in_work!(self, |db| {
            sqlx::query(MARK_UNDELIVERED).bind(id.0).bind(i64::from(generation)).execute(db).map_ok(drop)
        })
    }
}
