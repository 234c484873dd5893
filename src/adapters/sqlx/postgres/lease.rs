//! Connections to PostgreSQL, handed on by whoever is done with one to whoever needs the next.
//!
//! The driver's pool has a task ask the server whether a connection is alive each time one comes back to it, which costs as
//! much as a statement. One that has just answered need not be asked. So it waits here for the next who needs one, and goes
//! back to the pool when nobody does, when nobody knows what state it is in, and every now and then.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, PgConnection, PgPool, Postgres};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

/// How long a connection waits here: under load it is needed again much sooner. The driver's pool has it for longer rests, tries
/// it before it is used again, and closes it in the end.
const REST: Duration = Duration::from_millis(100);
/// A connection that waited longer, because the process stood still, is not trusted.
const TRUSTED_FOR: Duration = Duration::from_millis(200);
/// How long a connection stays away from the driver's pool at a stretch, which renews those that are old.
const AWAY: Duration = Duration::from_mins(1);

/// Connections of one pool. Cheap to clone: the clones share them.
#[derive(Clone)]
pub(in crate::adapters::sqlx) struct Leases(Arc<Shared>);

struct Shared {
    pool: PgPool,
    /// One for each connection: who waits has one in the order of coming.
    turns: Arc<Semaphore>,
    acquire_timeout: Duration,
    patience: Duration,
    rested: Mutex<Rested>,
}

#[derive(Default)]
struct Rested {
    /// The one that came back last is the last.
    connections: VecDeque<Kept>,
    is_closed: bool,
    /// Whether a task gives those back for which nobody comes.
    is_swept: bool,
    tasks: JoinSet<()>,
}

struct Kept {
    connection: PoolConnection<Postgres>,
    /// When it left the driver's pool.
    left: Instant,
    /// When it came back here.
    since: Instant,
}

/// A connection that somebody has. Who saw the end of what was asked gives it back; one that is dropped is settled first, and
/// what was begun on it undone.
pub(in crate::adapters::sqlx) struct Lease {
    shared: Arc<Shared>,
    /// `None` once it is on its way back.
    held: Option<Held>,
    unfinished: Unfinished,
}

struct Held {
    connection: PoolConnection<Postgres>,
    left: Instant,
    turn: OwnedSemaphorePermit,
}

/// What may be left on a connection that is dropped.
#[derive(Clone, Copy)]
enum Unfinished {
    /// The answer to a statement.
    Statement,
    /// A transaction.
    Transaction,
}

impl Leases {
    /// Has as many at once as there are `turns`; the pool may have more, for others. How long to wait for a connection, and
    /// at most for an answer on it.
    pub(in crate::adapters::sqlx) fn new(
        pool: PgPool,
        turns: u32,
        acquire_timeout: Duration,
        patience: Duration,
    ) -> Self {
        let turns = Arc::new(Semaphore::new(usize::try_from(turns).unwrap_or(Semaphore::MAX_PERMITS)));
        Self(Arc::new(Shared { pool, turns, acquire_timeout, patience, rested: Mutex::default() }))
    }

    /// Where the connections come from.
    pub(in crate::adapters::sqlx) fn pool(&self) -> &PgPool {
        &self.0.pool
    }

    /// Waits for a connection.
    pub(in crate::adapters::sqlx) async fn lease(&self) -> Result<Lease, sqlx::Error> {
        let held = timeout(self.0.acquire_timeout, self.held()).await;
        let held = held.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
        Ok(Lease { shared: Arc::clone(&self.0), held: Some(held), unfinished: Unfinished::Statement })
    }

    async fn held(&self) -> Result<Held, sqlx::Error> {
        let turn = Arc::clone(&self.0.turns).acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?;
        let kept = self.0.rested().connections.pop_back();
        if let Some(kept) = kept {
            if kept.since.elapsed() < TRUSTED_FOR {
                return Ok(Held { connection: kept.connection, left: kept.left, turn });
            }
            self.0.give_back([kept]);
        }
        Ok(Held { connection: self.0.pool.acquire().await?, left: Instant::now(), turn })
    }

    /// Waits for a connection, and begins a transaction on it.
    pub(in crate::adapters::sqlx) async fn begin(&self) -> Result<Lease, sqlx::Error> {
        let mut lease = self.lease().await?;
        lease.unfinished = Unfinished::Transaction;
        sqlx::raw_sql("BEGIN").execute(lease.connection()?).await?;
        Ok(lease)
    }

    /// Waits for what is running, then closes every connection. Later calls are refused.
    pub(in crate::adapters::sqlx) async fn close(&self) {
        self.0.turns.close();
        // Closed before any is given back, which is then closed too and asked nothing.
        let closed = self.0.pool.close();
        let kept = {
            let mut rested = self.0.rested();
            rested.is_closed = true;
            std::mem::take(&mut rested.connections)
        };
        self.0.give_back(kept);
        closed.await;
    }
}

impl Lease {
    /// Never an error before it is given back.
    pub(in crate::adapters::sqlx) fn connection(&mut self) -> Result<&mut PgConnection, sqlx::Error> {
        self.held.as_mut().map(|held| &mut *held.connection).ok_or(sqlx::Error::PoolClosed)
    }

    /// Makes the transaction durable.
    pub(in crate::adapters::sqlx) async fn commit(mut self) -> Result<(), sqlx::Error> {
        sqlx::raw_sql("COMMIT").execute(self.connection()?).await?;
        self.give_back();
        Ok(())
    }

    /// For the next who needs one: everything that was asked was answered well.
    pub(in crate::adapters::sqlx) fn give_back(mut self) {
        if let Some(Held { connection, left, turn }) = self.held.take() {
            self.shared.keep(connection, left);
            drop(turn);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(held) = self.held.take() {
            let settling = settle(Arc::clone(&self.shared), held, self.unfinished);
            self.shared.rested().spawn(settling);
        }
    }
}

/// Hears the rest of what the server had to say, and has it undo a transaction. A connection on which it says nothing in time
/// is closed.
async fn settle(shared: Arc<Shared>, held: Held, unfinished: Unfinished) {
    let Held { mut connection, left, turn } = held;
    let answer = async {
        match unfinished {
            Unfinished::Statement => connection.ping().await,
            Unfinished::Transaction => sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await.map(drop),
        }
    };
    if matches!(timeout(shared.patience, answer).await, Ok(Ok(()))) {
        shared.keep(connection, left);
    } else {
        connection.close_on_drop();
        drop(connection);
        // What ended this one may have ended all.
        let others = std::mem::take(&mut shared.rested().connections);
        shared.give_back(others);
    }
    drop(turn);
}

impl Shared {
    fn rested(&self) -> MutexGuard<'_, Rested> {
        self.rested.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(self: &Arc<Self>, connection: PoolConnection<Postgres>, left: Instant) {
        let kept = Kept { connection, left, since: Instant::now() };
        let mut rested = self.rested();
        if rested.is_closed || left.elapsed() > AWAY {
            drop(rested);
            return self.give_back([kept]);
        }
        rested.connections.push_back(kept);
        if !rested.is_swept {
            rested.is_swept = true;
            rested.spawn(sweep(Arc::downgrade(self)));
        }
    }

    /// To the driver's pool, which asks whether they are alive. It would wait for the answer for as long as TCP does.
    fn give_back(&self, kept: impl IntoIterator<Item = Kept>) {
        let mut rested = self.rested();
        for mut kept in kept {
            let (returned, patience) = (kept.connection.return_to_pool(), self.patience);
            rested.spawn(async move { drop(timeout(patience, returned).await) });
        }
    }

    /// Gives back those for which nobody came; whether any are left.
    fn give_back_rested(&self) -> bool {
        let mut rested = self.rested();
        let count = rested.connections.iter().take_while(|kept| kept.since.elapsed() >= REST).count();
        let old: Vec<Kept> = rested.connections.drain(..count).collect();
        rested.is_swept = !rested.connections.is_empty();
        let is_swept = rested.is_swept;
        drop(rested);
        self.give_back(old);
        is_swept
    }
}

impl Rested {
    fn spawn(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        // Those that have ended, which the set would keep.
        while self.tasks.try_join_next().is_some() {}
        self.tasks.spawn(task);
    }
}

async fn sweep(shared: Weak<Shared>) {
    loop {
        sleep(REST).await;
        if !shared.upgrade().is_some_and(|shared| shared.give_back_rested()) {
            return;
        }
    }
}
