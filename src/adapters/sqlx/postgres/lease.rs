//! A connection to PostgreSQL in use, and how it returns to the pool.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use sqlx::error::DatabaseError;
use tokio::time::{Instant, timeout_at};

use super::cancel::Work;
use super::connection::Connection;
use super::pool::{Permit, Shared, closed};
use super::rested::close_all;
use super::sessions::Session;
use crate::ports::store::StoreError;

/// A connection that turned out to be read-only is closed unless it is younger than this: a new one would be
/// read-only again.
const RENEWED: Duration = Duration::from_secs(1);

/// The least time that a server has to roll a transaction back, whenever its last statement was sent.
const MOMENT: Duration = Duration::from_millis(100);

/// A connection in use. A caller that has read the whole answer returns it to the pool. On a connection that
/// is dropped, the rest of an answer is read, or a transaction rolled back, before it returns.
pub(in crate::adapters::sqlx) struct PooledConnection {
    shared: Arc<Shared>,
    /// `None` once it is being returned.
    held: Option<CheckedOut>,
    unfinished: Unfinished,
    /// When the last statement was sent.
    asked: Instant,
    ending: Ending,
}

struct CheckedOut {
    session: Session,
    permit: Permit,
}

/// Unfinished work on a connection that is dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unfinished {
    /// The answer to a statement.
    Statement,
    /// A transaction.
    Transaction,
}

/// The effect of an answer of the server on the connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// The connection stays usable.
    No,
    /// The server has ended the connection, and may have ended others.
    Ended,
    /// The server accepts no changes on the connection. Another connection may accept them: the server may
    /// have become a standby, or a proxy may lead to another server.
    ReadOnly,
}

/// The outcome of the work on a connection that was dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// The connection can be used again.
    Answered,
    /// The connection broke, or was answered too late. The server may not have let go.
    GivenUp,
    /// The server has let go.
    LetGo,
}

impl PooledConnection {
    pub(super) fn new(shared: Arc<Shared>, session: Session, permit: Permit) -> Self {
        let held = Some(CheckedOut { session, permit });
        Self { shared, held, unfinished: Unfinished::Statement, asked: Instant::now(), ending: Ending::No }
    }

    /// Begins a transaction.
    pub(super) async fn begin(&mut self) -> Result<(), StoreError> {
        self.unfinished = Unfinished::Transaction;
        let held = self.held.as_mut().ok_or_else(closed)?;
        let begun = self.shared.sessions.begin(&mut held.session).await;
        if begun.is_err() {
            self.ending = Ending::Ended;
        }
        begun
    }

    /// Returns whether the session keeps prepared statements, with their plans.
    pub(in crate::adapters::sqlx) fn keeps_statements(&self) -> bool {
        self.shared.sessions.keep()
    }

    /// Returns the connection for a statement. Fails only after it was returned to the pool.
    pub(in crate::adapters::sqlx) fn connection(&mut self) -> Result<Connection<'_>, StoreError> {
        let keeps_statements = self.keeps_statements();
        self.asked = Instant::now();
        let held = self.held.as_mut().ok_or_else(closed)?;
        Ok(Connection { inner: &mut held.session.connection, keeps_statements })
    }

    /// Converts an error of the server, and records whether it ends the connection.
    pub(in crate::adapters::sqlx) fn failed(&mut self, error: sqlx::Error) -> StoreError {
        let code = error.as_database_error().and_then(DatabaseError::code);
        match code.as_deref() {
            Some("57P01" | "57P02" | "57P03") => self.ending = Ending::Ended,
            Some(code) if code.starts_with("08") => self.ending = Ending::Ended,
            Some("25006") => self.ending = Ending::ReadOnly,
            // The statement of this name is not the one that was prepared on this connection.
            Some("26000" | "42P05") if self.shared.sessions.keep() => {
                self.ending = Ending::Ended;
                return self.shared.sessions.refuse_pooler();
            }
            _ => {}
        }
        error.into()
    }

    /// Commits the transaction of a statement, if there is one, and returns the connection to the pool.
    pub(in crate::adapters::sqlx) async fn finish(self) -> Result<(), StoreError> {
        match self.unfinished {
            Unfinished::Transaction => self.commit().await,
            Unfinished::Statement => {
                self.give_back();
                Ok(())
            }
        }
    }

    /// Commits the transaction, and returns the connection to the pool.
    pub(in crate::adapters::sqlx) async fn commit(mut self) -> Result<(), StoreError> {
        let connection = self.connection()?.inner;
        match sqlx::raw_sql("COMMIT").execute(connection).await {
            Ok(_) => {
                self.give_back();
                Ok(())
            }
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Keeps the connection for the next caller: every statement was answered.
    fn give_back(mut self) {
        if let Some(CheckedOut { session, permit }) = self.held.take() {
            self.shared.keep(session);
            drop(permit);
        }
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        if let Some(held) = self.held.take() {
            let returning = finish(Arc::clone(&self.shared), held, self.unfinished, self.asked, self.ending);
            self.shared.rested().spawn(returning);
        }
    }
}

/// Reads the rest of the server's answer, or rolls a transaction back. The permit is returned when the server
/// has let go, so that the server never has more processes than there are connections.
async fn finish(
    shared: Arc<Shared>,
    held: CheckedOut,
    unfinished: Unfinished,
    asked: Instant,
    ending: Ending,
) {
    let CheckedOut { session, permit } = held;
    match ending {
        Ending::Ended => shared.end(session).await,
        Ending::ReadOnly if session.born.elapsed() > RENEWED => {
            let old = shared.rested().take_older(RENEWED);
            close_all(old, shared.patience).await;
            close_all([session], shared.patience).await;
        }
        Ending::No | Ending::ReadOnly => undo(&shared, session, unfinished, asked).await,
    }
    drop(permit);
}

async fn undo(shared: &Arc<Shared>, mut session: Session, unfinished: Unfinished, asked: Instant) {
    // At least `MOMENT`, because most connections are dropped between two statements.
    let deadline = (asked + shared.patience).max(Instant::now() + MOMENT);
    let pid = session.process.map(|process| process.pid);
    let work = Work::of(&session, asked);
    let mut ending = pin!(async {
        if let Some(work) = &work {
            let is_over = || shared.rested().is_closed;
            shared.canceller.end(&shared.sessions, work, is_over).await;
        }
    });
    let outcome = {
        let mut answer = pin!(async {
            match unfinished {
                Unfinished::Statement => shared.sessions.finish(&mut session).await,
                Unfinished::Transaction => shared.sessions.rollback(&mut session).await,
            }
        });
        match timeout_at(deadline, &mut answer).await {
            Ok(Ok(())) => Outcome::Answered,
            Ok(Err(_)) => Outcome::GivenUp,
            Err(_) => {
                tracing::warn!(pid, "PostgreSQL gave no answer in time: what it does is cancelled");
                tokio::select! {
                    () = &mut ending => Outcome::LetGo,
                    _ = &mut answer => Outcome::GivenUp,
                }
            }
        }
    };
    if outcome == Outcome::Answered {
        return shared.keep(session);
    }
    shared.rested().distrust();
    if outcome == Outcome::LetGo {
        return;
    }
    let closing = close_all([session], shared.patience);
    // The connection is never used again: another signal may be on its way to its process.
    match &work {
        Some(work) => drop(tokio::join!(work.close(closing), ending)),
        None => closing.await,
    }
}
