//! Starts a session: everything that a log-in does in the database apart from finding its account.

use async_trait::async_trait;
use const_format::concatcp;
use futures_util::TryFutureExt;

use super::row::{LIVE, NEW_COLUMNS, bind_session};
use crate::adapters::sqlx::run::{Pool, Tx, in_work, on_pool};
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::tables::outbox::bind_event;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::{Event, PasswordHash, Session};
use crate::ports::events::Queue;
use crate::ports::store::{SessionStarts, Started, StoreError, UnitOfWork as _};

/// Each statement of a transaction is a round trip, and so are `BEGIN` and `COMMIT`. This one statement does
/// the same as [`in_turn`]. It counts sessions in a function that it calls with the locked row: the function
/// sees the sessions of every log-in that held the lock before, which the rest of the statement does not.
const START: &str = concatcp!(
    "WITH owner AS (SELECT id FROM users WHERE id = $2 AND password_hash = $24 AND status = 'active' FOR UPDATE), \
     place AS MATERIALIZED (SELECT owner.id, has_room_for_session(owner.id, $8, $25) AS is_free FROM owner), \
     started AS (INSERT INTO sessions (",
    NEW_COLUMNS,
    ") SELECT $1, place.id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14 FROM place WHERE is_free \
     RETURNING user_id), \
     appended AS (INSERT INTO outbox (id, type, subject, actor, data, occurred_at, request_id, \
     traceparent, tracestate) SELECT $15, $16, $17, $18, $19, $20, $21, $22, $23 FROM started) \
     SELECT is_free FROM place"
);

const HAS_ROOM: &str =
    concatcp!("SELECT count(*) < $3 FROM (SELECT 1 FROM sessions WHERE ", LIVE, " LIMIT $3) AS live");

#[async_trait]
impl SessionStarts for SqlxStore {
    async fn start(
        &self,
        session: &Session,
        hash: &PasswordHash,
        started: &Event,
        most: u32,
    ) -> Result<Started, StoreError> {
        if let Pool::Sqlite(_) = self.writer {
            return in_turn(Work::begin(&self.writer, &self.signals).await?, session, hash, started, most)
                .await;
        }
        let result = on_pool!(&self.writer, |db| {
            let statement = bind_event!(bind_session!(sqlx::query_scalar(START), session), started);
            statement.bind(hash.expose()).bind(i64::from(most)).fetch_all(db).map_ok(|places: Vec<bool>| {
                match places[..] {
                    [true] => Started::Yes,
                    [false] => Started::LimitReached,
                    _ => Started::AccountChanged,
                }
            })
        });
        // The relay is woken after an error too, because the session may have been committed. If the caller
        // is cancelled before this line, the relay finds the event at its next poll.
        self.signals.wake(Queue::Outbox);
        result
    }
}

async fn in_turn(
    mut work: Work,
    session: &Session,
    hash: &PasswordHash,
    started: &Event,
    most: u32,
) -> Result<Started, StoreError> {
    let owner = work.users().lock(session.user_id).await?;
    if !owner.is_some_and(|owner| owner.user.is_active() && owner.password_hash == *hash) {
        return Ok(Started::AccountChanged);
    }
    let has_room: bool = in_work!(work, |db| {
        sqlx::query_scalar(HAS_ROOM)
            .bind(session.user_id.0)
            .bind(SqlTimestamp(session.created_at))
            .bind(i64::from(most))
            .fetch_one(db)
    })?;
    if !has_room {
        return Ok(Started::LimitReached);
    }
    work.sessions().insert(session).await?;
    work.outbox().append(started).await?;
    Box::new(work).commit().await?;
    Ok(Started::Yes)
}
