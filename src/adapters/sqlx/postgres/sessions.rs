//! How a connection to PostgreSQL is made, and the checks before a statement runs on it.

mod connect;
pub(super) mod process;

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::sync::watch;
use tokio::time::Instant;

use self::process::{Process, microseconds, pid};
use super::hosts::Hosts;
use super::limits::Limits;
use super::rejections::{self, MAIN};
use super::shared_sessions::{Ownership, works_by_statements};
use crate::config::Pooler;
use crate::ports::store::{StoreError, Unusable};

/// Selects the server process of a connection.
const SESSION: &str = "SELECT pg_backend_pid()::text";
const ISOLATION: &str = "SET default_transaction_isolation = 'read committed'";
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// A source of connections to one server, or to one of several. It verifies that they can be used.
pub(in crate::adapters::sqlx) struct Sessions {
    hosts: Hosts,
    pooler: Pooler,
    /// The name of the setting with the address.
    setting: &'static str,
    limits: Limits,
    /// How long a caller waits for a connection.
    acquire_timeout: Duration,
    /// The statements that set up a session, identify it, and check whether the database can be used.
    greeting: String,
    /// The statements that begin a transaction.
    begin: Arc<str>,
    /// One for each server.
    ownerships: Box<[Ownership]>,
    /// The last failure to connect, and its time; `None` after a success.
    last: watch::Sender<Option<(Instant, StoreError)>>,
    unusable: watch::Sender<Option<StoreError>>,
}

/// A verified connection.
pub(super) struct Session {
    pub(super) connection: PgConnection,
    /// The server process at the other end. If it changes with each transaction, that of the last
    /// transaction; `None` before it is known.
    pub(super) process: Option<Process>,
    /// The index of the server.
    pub(super) host: usize,
    pub(super) born: Instant,
    /// The server's clock at `born`, in microseconds of Unix time.
    pub(super) clock: i64,
    /// When the connection reaches its greatest age.
    pub(super) ends: Instant,
}

impl Sessions {
    /// Creates a source of connections to `hosts`, which are the value of `setting`. A reason never to use
    /// the database reaches every source that shares `unusable`.
    pub(super) fn new(
        hosts: Hosts,
        pooler: Pooler,
        setting: &'static str,
        limits: Limits,
        acquire_timeout: Duration,
        unusable: watch::Sender<Option<StoreError>>,
    ) -> Self {
        let begin = match pooler {
            Pooler::Session => format!("{BEGIN}; {SESSION}"),
            Pooler::Transaction => {
                let transaction =
                    concat!("SELECT pg_backend_pid()::text, ", microseconds!("now()"), "::text");
                format!("{BEGIN}; {}; {transaction}", limits.set("SET LOCAL"))
            }
        };
        let begin = begin.into();
        let (set, compare) = match pooler {
            Pooler::Session => (format!("{}; {ISOLATION};", limits.set("SET")), limits.compare()),
            Pooler::Transaction => (String::new(), "''".to_owned()),
        };
        // Functions instead of views: a new session would first read the definition of each view and table.
        let greeting = format!(
            "{set} SELECT pg_backend_pid()::text, current_setting('server_encoding'), {compare}, \
             current_setting('transaction_read_only'), pg_is_in_recovery()::text, \
             (SELECT {}::text FROM pg_stat_get_activity(pg_backend_pid())), {}::text",
            microseconds!("backend_start"),
            microseconds!("clock_timestamp()")
        );
        let ownerships = hosts.in_order().map(|_| Ownership::default()).collect();
        let last = watch::Sender::new(None);
        Self { hosts, pooler, setting, limits, acquire_timeout, greeting, begin, ownerships, last, unusable }
    }

    /// Whether a connection keeps its server session, with the statements that were prepared there.
    pub(super) const fn keep(&self) -> bool {
        matches!(self.pooler, Pooler::Session)
    }

    /// Returns the address of the server that connections are made to now.
    pub(in crate::adapters::sqlx) fn options(&self) -> &PgConnectOptions {
        self.hosts.options(self.hosts.chosen())
    }

    pub(super) const fn are_of_several_hosts(&self) -> bool {
        self.hosts.are_several()
    }

    /// Whether this is the server that connections are made to now.
    pub(super) fn is_chosen(&self, host: usize) -> bool {
        host == self.hosts.chosen()
    }

    /// Returns how long to wait for a connection.
    pub(super) const fn acquire_timeout(&self) -> Duration {
        self.acquire_timeout
    }

    /// Returns how long to wait for a connection and for an answer on it.
    pub(in crate::adapters::sqlx) fn patience(&self) -> Duration {
        self.acquire_timeout + self.limits.statement
    }

    /// Returns the last failure to connect, if it was found at or after `moment`.
    pub(super) fn failure_since(&self, moment: Instant) -> Option<StoreError> {
        let last = self.last.borrow();
        last.as_ref().filter(|(when, _)| *when >= moment).map(|(_, error)| error.clone())
    }

    /// Records a failure to connect.
    pub(super) fn record(&self, error: StoreError) {
        self.last.send_replace(Some((Instant::now(), error)));
    }

    /// Wraps an error in `StoreError::Direct` if the address is not that of `database.url`.
    pub(in crate::adapters::sqlx) fn named(&self, error: StoreError) -> StoreError {
        match error {
            error @ StoreError::Direct(_) => error,
            error if self.setting == MAIN => error,
            error => StoreError::Direct(Box::new(error)),
        }
    }

    /// Fails if the database was found to be unusable.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        self.unusable.borrow().clone().map_or(Ok(()), Err)
    }

    /// Waits until the database is found to be unusable, and returns the reason.
    pub(in crate::adapters::sqlx) async fn unusable(&self) -> StoreError {
        some(&self.unusable).await
    }

    /// Waits for a failure to connect, and returns it; at once if the last attempt failed.
    pub(in crate::adapters::sqlx) async fn unconnected(&self) -> StoreError {
        some(&self.last).await.1
    }

    /// Records that no process can use this database until an operator changes something.
    fn refuse(&self, reason: String) -> StoreError {
        let error = self.named(StoreError::Unusable(Unusable::Unsupported, reason));
        self.unusable.send_replace(Some(error.clone()));
        error
    }

    /// Rejects a pooler that gives each statement another server session.
    fn refuse_statements(&self) -> StoreError {
        self.refuse(rejections::statements(self.setting, self.pooler))
    }

    /// Rejects a pooler that shares server sessions.
    pub(super) fn refuse_pooler(&self) -> StoreError {
        self.refuse(rejections::transactions(self.setting))
    }

    /// Begins a transaction. Fails if a pooler has changed the server session.
    pub(super) async fn begin(&self, session: &mut Session) -> Result<(), StoreError> {
        let begin = sqlx::raw_sql(AssertSqlSafe(self.begin.clone()));
        if !self.keep() {
            session.process = None;
        }
        let rows = match begin.fetch_all(&mut session.connection).await {
            Err(error) if works_by_statements(&error) => return Err(self.refuse_statements()),
            rows => rows?,
        };
        match (session.process, rows.first()) {
            (Some(process), Some(row)) if pid(row)? != process.pid => Err(self.refuse_pooler()),
            (None, Some(row)) => {
                session.process = Some(Process::read(row, 0, 1)?);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Reads the rest of the server's answer.
    pub(super) async fn finish(&self, session: &mut Session) -> Result<(), StoreError> {
        Ok(session.connection.ping().await?)
    }

    /// Rolls a transaction back.
    pub(super) async fn rollback(&self, session: &mut Session) -> Result<(), StoreError> {
        sqlx::raw_sql("ROLLBACK").execute(&mut session.connection).await?;
        Ok(())
    }

    /// Verifies that an idle connection still has the same server session.
    pub(super) async fn test(&self, session: &mut Session) -> Result<(), StoreError> {
        let row = sqlx::raw_sql(SESSION).fetch_one(&mut session.connection).await?;
        match session.process {
            Some(process) if self.keep() && pid(&row)? != process.pid => Err(self.refuse_pooler()),
            _ => Ok(()),
        }
    }
}

/// Waits for a value, and returns it.
async fn some<T: Clone>(found: &watch::Sender<Option<T>>) -> T {
    let mut found = found.subscribe();
    loop {
        if let Some(error) = found.borrow_and_update().clone() {
            return error;
        }
        if found.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SessionTarget;

    #[test]
    fn a_failure_counts_for_callers_that_began_before_it() {
        let second = Duration::from_secs(1);
        let limits = Limits { statement: second, lock: second, idle_transaction: second };
        let options = "postgres://svc@127.0.0.1/svc".parse().unwrap();
        let hosts = Hosts::new(vec![options], SessionTarget::Any, second);
        let (unusable, _) = watch::channel(None);
        let sessions = Sessions::new(hosts, Pooler::Session, MAIN, limits, second, unusable);
        let before = Instant::now();
        let failure = StoreError::Unavailable("no answer".to_owned());
        sessions.record(failure.clone());
        assert_eq!(sessions.failure_since(before), Some(failure));
        assert_eq!(sessions.failure_since(Instant::now() + second), None);
    }
}
