//! Finding a session and rotating it on one connection. Each time a connection goes back to its pool the driver asks the
//! server whether it is alive, which costs a refresh as much as a statement does.

use async_trait::async_trait;
use futures_util::TryFutureExt;
use sqlx::Postgres;
use sqlx::pool::PoolConnection;

use super::SqlxStore;
use super::moment::Moment;
use super::run::{Patience, Pool, on_pool};
use super::sessions::{FIND_WITH_USER, SessionWithUserRow};
use crate::domain::{Generation, Session, SessionId};
use crate::ports::store::{Rotatable, Rotation, SessionReader, StoreError};

/// Nothing is returned: SQLite commits a statement when it is run to its end, and whoever stops at the first row does
/// not hear that the disk was full.
const ROTATE: &str = "UPDATE sessions SET generation = $3, rotated_at = $4, idle_expires_at = $5, \
     client_address = $6, client_agent = $7 \
     WHERE id = $1 AND generation = $2 AND revoked_at IS NULL AND idle_expires_at > $4 \
     AND absolute_expires_at > $4";

/// The statement on either database; it yields how many rows it changed.
macro_rules! rotate {
    ($from:expr, $rotated:expr, $db:expr) => {
        sqlx::query(ROTATE)
            .bind($rotated.id.0)
            .bind(i64::from($from))
            .bind(i64::from($rotated.generation))
            .bind(Moment($rotated.rotated_at))
            .bind(Moment($rotated.idle_expires_at))
            .bind($rotated.client.address.map(|address| address.to_string()))
            .bind($rotated.client.agent.as_deref())
            .execute($db)
            .map_ok(|done| done.rows_affected())
    };
}

/// A connection of PostgreSQL that found a session.
struct Held(PoolConnection<Postgres>, Patience);

/// SQLite reads by one connection and writes by another, and neither has far to go.
struct Embedded(SqlxStore);

impl SqlxStore {
    /// The statement of a refresh alone, on any connection: what the whole of a refresh is measured by.
    pub async fn rotate(&self, from: Generation, rotated: &Session) -> Result<bool, StoreError> {
        Ok(on_pool!(&self.writer, |db| rotate!(from, rotated, db))? == 1)
    }

    pub(super) async fn find_rotatable(&self, id: SessionId) -> Result<Option<Rotatable>, StoreError> {
        let Pool::Postgres(pool, patience) = &self.writer else {
            let found = self.find_with_user(id).await?;
            return Ok(found.map(|(session, user)| {
                let rotation: Box<dyn Rotation> = Box::new(Embedded(self.clone()));
                (session, user, rotation)
            }));
        };
        let find = async {
            let mut connection = pool.acquire().await?;
            let row: Option<SessionWithUserRow> =
                sqlx::query_as(FIND_WITH_USER).bind(id.0).fetch_optional(&mut *connection).await?;
            Ok(row.map(|row| (row, connection)))
        };
        let Some((row, connection)) = patience.wait(find).await? else { return Ok(None) };
        let (session, user) = row.parts();
        Ok(Some((session.try_into()?, user.try_into()?, Box::new(Held(connection, *patience)))))
    }
}

#[async_trait]
impl Rotation for Held {
    async fn rotate(self: Box<Self>, from: Generation, rotated: &Session) -> Result<bool, StoreError> {
        let Self(mut connection, patience) = *self;
        Ok(patience.wait(rotate!(from, rotated, &mut *connection)).await? == 1)
    }
}

#[async_trait]
impl Rotation for Embedded {
    async fn rotate(self: Box<Self>, from: Generation, rotated: &Session) -> Result<bool, StoreError> {
        self.0.rotate(from, rotated).await
    }
}
