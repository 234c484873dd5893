//! A connection to PostgreSQL in use, and how it comes back.

use std::sync::Arc;
use std::time::Duration;

use sqlx::error::DatabaseError;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::connection::Connection;
use super::pool::{Shared, closed};
use super::rested::close_all;
use super::sessions::Session;
use crate::ports::store::StoreError;

/// A connection that turned out read-only is closed unless it is younger: a new one would be read-only again.
const RENEWED: Duration = Duration::from_secs(1);

/// A connection in use. A caller that has read the whole answer gives it back. The rest of an answer is read
/// first, and a transaction undone, on one that is dropped.
pub(in crate::adapters::sqlx) struct PooledConnection {
    shared: Arc<Shared>,
    /// `None` once it is on its way back.
    held: Option<CheckedOut>,
    unfinished: Unfinished,
    ending: Ending,
}

struct CheckedOut {
    session: Session,
    permit: OwnedSemaphorePermit,
}

/// What may be left on a connection that is dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unfinished {
    /// The answer to a statement.
    Statement,
    /// A transaction.
    Transaction,
}

/// What an answer of the server means for the connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// It goes on.
    No,
    /// The server has ended it, and may have ended others.
    Ended,
    /// It takes no changes. Another one may: the server may have become a standby, or a proxy knows another
    /// server.
    ReadOnly,
}

impl PooledConnection {
    pub(super) fn new(shared: Arc<Shared>, session: Session, permit: OwnedSemaphorePermit) -> Self {
        let held = Some(CheckedOut { session, permit });
        Self { shared, held, unfinished: Unfinished::Statement, ending: Ending::No }
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

    /// Never an error before it is given back.
    pub(in crate::adapters::sqlx) fn connection(&mut self) -> Result<Connection<'_>, StoreError> {
        let keeps_statements = self.shared.sessions.keep();
        let held = self.held.as_mut().ok_or_else(closed)?;
        Ok(Connection { inner: &mut held.session.connection, keeps_statements })
    }

    /// Looks at an error of the server: it may be the end of the connection.
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

    /// Ends a transaction for one statement, if there is one, and gives the connection back.
    pub(in crate::adapters::sqlx) async fn finish(self) -> Result<(), StoreError> {
        match self.unfinished {
            Unfinished::Transaction => self.commit().await,
            Unfinished::Statement => {
                self.give_back();
                Ok(())
            }
        }
    }

    /// Makes the transaction durable.
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
            let settling = settle(Arc::clone(&self.shared), held, self.unfinished, self.ending);
            self.shared.rested().spawn(settling);
        }
    }
}

/// Reads the rest of the server's answer, and has it undo a transaction. A connection on which the server
/// does not answer in time is closed.
async fn settle(shared: Arc<Shared>, held: CheckedOut, unfinished: Unfinished, ending: Ending) {
    let CheckedOut { session, permit } = held;
    match ending {
        Ending::Ended => shared.end(session).await,
        Ending::ReadOnly if session.born.elapsed() > RENEWED => {
            let old = shared.rested().take_older(RENEWED);
            close_all(old, shared.patience).await;
            close_all([session], shared.patience).await;
        }
        Ending::No | Ending::ReadOnly => undo(&shared, session, unfinished).await,
    }
    drop(permit);
}

async fn undo(shared: &Arc<Shared>, mut session: Session, unfinished: Unfinished) {
    let answer = async {
        match unfinished {
            Unfinished::Statement => shared.sessions.settle(&mut session).await,
            Unfinished::Transaction => shared.sessions.rollback(&mut session).await,
        }
    };
    if matches!(timeout(shared.patience, answer).await, Ok(Ok(()))) {
        shared.keep(session);
    } else {
        shared.end(session).await;
    }
}
