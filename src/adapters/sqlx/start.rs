//! Starting a session: what a log-in costs the database besides finding its account.

use std::sync::Arc;

use futures_util::TryFutureExt;

use super::moment::Moment;
use super::outbox::bind_event;
use super::run::{Pool, on_pool};
use super::sessions::{bind_session, session};
use super::unit_of_work::Work;
use super::wakeups::Signals;
use crate::domain::{Event, PasswordHash, Session};
use crate::ports::events::Queue;
use crate::ports::store::{StoreError, UnitOfWork as _};

/// Each statement in a transaction is a round trip, and so are its beginning and its end. This one does what [`in_turn`]
/// does, all at once.
const START: &str = concat!(
    "WITH owner AS (SELECT id FROM users WHERE id = $2 AND password_hash = $21 AND status = 'active' FOR UPDATE), \
     started AS (INSERT INTO sessions (",
    session!(),
    ") SELECT $1, owner.id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM owner RETURNING user_id) \
     INSERT INTO outbox (id, type, subject, actor, data, occurred_at, traceparent) \
     SELECT $14, $15, $16, $17, $18, $19, $20 FROM started"
);

pub(super) async fn start(
    pool: &Pool,
    signals: &Arc<Signals>,
    session: &Session,
    hash: &PasswordHash,
    started: &Event,
) -> Result<bool, StoreError> {
    if let Pool::Sqlite(_) = pool {
        return in_turn(Work::begin(pool, signals).await?, session, hash, started).await;
    }
    let result = on_pool!(pool, |db| {
        let statement = bind_event!(bind_session!(sqlx::query(START), session), started);
        statement.bind(hash.expose()).execute(db).map_ok(|done| done.rows_affected() == 1)
    });
    // After an error too: it may have been committed. When the caller goes away meanwhile, whoever hands events on finds it by
    // looking every now and then.
    signals.tell(Queue::Outbox);
    result
}

async fn in_turn(
    mut work: Work,
    session: &Session,
    hash: &PasswordHash,
    started: &Event,
) -> Result<bool, StoreError> {
    let owner = work.users().lock(session.user_id).await?;
    if !owner.is_some_and(|owner| owner.user.is_active() && owner.password_hash == *hash) {
        return Ok(false);
    }
    work.sessions().insert(session).await?;
    work.outbox().append(started).await?;
    Box::new(work).commit().await?;
    Ok(true)
}
