//! How a connection to PostgreSQL is made, and what is proven before a statement runs on it.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use tokio::sync::{OnceCell, watch};
use tokio::time::{Instant, timeout};

use super::failure::connecting;
use super::hosts::Hosts;
use super::limits::Limits;
use super::shared_sessions;
use crate::adapters::sqlx::options::Pooler;
use crate::ports::store::{StoreError, Unusable};

/// How long the server may take to show whether connections share its sessions. Only a pooler whose
/// connections are all in use takes longer, and one that shares sessions has none in use yet.
const PROBE: Duration = Duration::from_secs(2);

/// Which server session a connection has, and whether the database can be used.
const GREETING: &str = "SELECT pg_backend_pid()::text, pg_encoding_to_char(encoding)::text, \
     current_setting('transaction_read_only'), pg_is_in_recovery()::text \
     FROM pg_database WHERE datname = current_database()";
/// Which server session a connection has.
const SESSION: &str = "SELECT pg_backend_pid()::text";
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// Makes connections to one server, or to one of several, and proves that they can be used.
pub(in crate::adapters::sqlx) struct Sessions {
    hosts: Hosts,
    pooler: Pooler,
    /// The setting that holds the address.
    setting: &'static str,
    limits: Limits,
    /// What begins a transaction.
    begin: String,
    /// Of each server, set once it was seen that each connection has a server session of its own.
    are_owned: Box<[OnceCell<()>]>,
    /// Why the last connection could not be made; `None` after one that could.
    last: watch::Sender<Option<StoreError>>,
    unusable: watch::Sender<Option<StoreError>>,
}

/// A connection that may be used.
pub(super) struct Session {
    pub(super) connection: PgConnection,
    /// The server process at the other end; `None` where it changes from one transaction to the next.
    process: Option<String>,
    /// Which of the servers that is on.
    host: usize,
    pub(super) born: Instant,
}

impl Sessions {
    /// Of this address, which stands in this setting. What makes the database unusable is told to all that
    /// share `unusable`.
    pub(super) fn new(
        hosts: Hosts,
        pooler: Pooler,
        setting: &'static str,
        limits: Limits,
        unusable: watch::Sender<Option<StoreError>>,
    ) -> Self {
        let begin = match pooler {
            Pooler::Session => format!("{BEGIN}; {SESSION}"),
            Pooler::Transaction => format!("{BEGIN}; {}", limits.set("SET LOCAL")),
        };
        let are_owned = hosts.in_order().map(|_| OnceCell::new()).collect();
        let last = watch::Sender::new(None);
        Self { hosts, pooler, setting, limits, begin, are_owned, last, unusable }
    }

    /// Whether a connection keeps its server session, and what was prepared there.
    pub(super) const fn keep(&self) -> bool {
        matches!(self.pooler, Pooler::Session)
    }

    /// The server that connections are made to now.
    pub(in crate::adapters::sqlx) fn options(&self) -> &PgConnectOptions {
        self.hosts.options(self.hosts.chosen())
    }

    pub(super) const fn are_of_several_hosts(&self) -> bool {
        self.hosts.are_several()
    }

    /// Whether a connection is one to the server that connections are made to now.
    pub(super) fn is_current(&self, session: &Session) -> bool {
        session.host == self.hosts.chosen()
    }

    /// Why the last connection could not be made, if it could not.
    pub(super) fn last_failure(&self) -> Option<StoreError> {
        self.last.borrow().clone()
    }

    /// What makes the database unusable, if that was found.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        self.unusable.borrow().clone().map_or(Ok(()), Err)
    }

    /// Waits until something is found that makes the database unusable.
    pub(in crate::adapters::sqlx) async fn unusable(&self) -> StoreError {
        some(&self.unusable).await
    }

    /// Waits until a connection cannot be made; at once where the last one could not.
    pub(in crate::adapters::sqlx) async fn unconnected(&self) -> StoreError {
        some(&self.last).await
    }

    /// Remembers that no process can use this database until an operator changes something.
    fn refuse(&self, reason: String) -> StoreError {
        let error = StoreError::Unusable(Unusable::Unsupported, reason);
        self.unusable.send_replace(Some(error.clone()));
        error
    }

    /// Makes a connection that may be used.
    pub(super) async fn connect(&self) -> Result<Session, StoreError> {
        // Boxed: a connection is seldom made, and every statement would carry the room for it.
        let made = Box::pin(self.make()).await;
        self.last.send_replace(made.as_ref().err().cloned());
        made
    }

    /// Proves, once, that connections have sessions of their own; and of several servers, each time, which one
    /// will do.
    pub(in crate::adapters::sqlx) async fn verify(&self) -> Result<(), StoreError> {
        self.check()?;
        if !self.hosts.are_several() && self.are_owned[0].initialized() {
            return Ok(());
        }
        let _ = self.connect().await?.connection.close().await;
        Ok(())
    }

    /// Makes a connection without the limits of requests.
    pub(in crate::adapters::sqlx) async fn connect_unlimited(&self) -> Result<PgConnection, StoreError> {
        let mut connection = self.connect().await?.connection;
        let unlimited =
            "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0";
        sqlx::raw_sql(unlimited).execute(&mut connection).await?;
        Ok(connection)
    }

    async fn make(&self) -> Result<Session, StoreError> {
        let mut failures = Vec::new();
        for host in self.hosts.in_order() {
            let trial = self.hosts.trial(host);
            match self.hosts.wait(self.make_on(host)).await {
                Ok(session) => {
                    trial.succeeded();
                    return Ok(session);
                }
                Err(error @ StoreError::Unusable(Unusable::Unsupported, _)) => return Err(error),
                Err(error) => failures.push((host, error)),
            }
        }
        Err(self.hosts.all_failed(failures))
    }

    async fn make_on(&self, host: usize) -> Result<Session, StoreError> {
        let options = self.hosts.options(host);
        let mut connection = PgConnection::connect_with(options).await.map_err(connecting)?;
        let greeting = sqlx::raw_sql(GREETING).fetch_one(&mut connection).await.map_err(connecting)?;
        let is_read_only = greeting.try_get::<String, _>(2)? == "on";
        self.hosts.check(is_read_only, greeting.try_get::<String, _>(3)? == "true")?;
        let encoding: String = greeting.try_get(1)?;
        if encoding != "UTF8" {
            return Err(self.refuse(format!(
                "the encoding of the database is {encoding}, and UTF8 is needed: create a database by \
                 CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
            )));
        }
        let mut process = None;
        if self.keep() {
            self.are_owned[host].get_or_try_init(|| self.prove_owned(&mut connection, options)).await?;
            self.set_limits(&mut connection, options.get_username()).await?;
            process = Some(greeting.try_get(0)?);
        }
        Ok(Session { connection, process, host, born: Instant::now() })
    }

    /// Proves that connections do not share server sessions, as far as that shows within a moment.
    async fn prove_owned(
        &self,
        connection: &mut PgConnection,
        options: &PgConnectOptions,
    ) -> Result<(), StoreError> {
        let probe = shared_sessions::are_shared(connection, options);
        match timeout(PROBE, probe).await {
            Ok(Ok(true)) => Err(self.refuse_pooler()),
            // A second connection that cannot be made shows nothing.
            Ok(Err(error)) => {
                tracing::debug!(%error, "whether connections share server sessions was not found out");
                Ok(())
            }
            Ok(Ok(false)) | Err(_) => Ok(()),
        }
    }

    /// A pooler shares server sessions.
    pub(super) fn refuse_pooler(&self) -> StoreError {
        self.refuse(match self.setting {
            "database.url" => "a pooler (such as PgBouncer in transaction mode) gives each transaction another session \
                 of the server, so statements and their parameters would be mixed up: set \
                 database.pooler = \"transaction\", or have the pooler run in session mode"
                .to_owned(),
            setting => format!(
                "{setting} leads to a pooler that gives each transaction another session of the server: name the server \
                 itself, or a pooler in session mode"
            ),
        })
    }

    /// Sets what the server ends by itself, and proves that it holds.
    async fn set_limits(&self, connection: &mut PgConnection, user: &str) -> Result<(), StoreError> {
        let isolation = "SET default_transaction_isolation = 'read committed'";
        let text = format!("{}; {isolation}; {}", self.limits.set("SET"), self.limits.compare());
        let row = sqlx::raw_sql(AssertSqlSafe(text)).fetch_one(connection).await?;
        let differing: String = row.try_get(0)?;
        if differing.is_empty() {
            return Ok(());
        }
        let cure: Vec<_> = self
            .limits
            .all()
            .iter()
            .map(|(name, limit)| format!("ALTER ROLE \"{user}\" SET {name} = {}", limit.as_millis()))
            .collect();
        Err(self.refuse(format!(
            "the limits of the session do not hold ({differing}), so a statement may run for ever: {}",
            cure.join("; ")
        )))
    }

    /// Begins a transaction.
    pub(super) async fn begin(&self, session: &mut Session) -> Result<(), StoreError> {
        let rows =
            sqlx::raw_sql(AssertSqlSafe(self.begin.clone())).fetch_all(&mut session.connection).await?;
        match (&session.process, rows.first()) {
            (Some(process), Some(row)) if row.try_get::<String, _>(0)? != *process => {
                Err(self.refuse_pooler())
            }
            _ => Ok(()),
        }
    }

    /// Hears the rest of what the server has to say.
    pub(super) async fn settle(&self, session: &mut Session) -> Result<(), StoreError> {
        Ok(session.connection.ping().await?)
    }

    /// Undoes a transaction.
    pub(super) async fn rollback(&self, session: &mut Session) -> Result<(), StoreError> {
        sqlx::raw_sql("ROLLBACK").execute(&mut session.connection).await?;
        Ok(())
    }

    /// Proves that a connection which has rested still has the session that it had.
    pub(super) async fn test(&self, session: &mut Session) -> Result<(), StoreError> {
        let answer = async { Ok(sqlx::raw_sql(SESSION).fetch_one(&mut session.connection).await?) };
        let row = self.hosts.wait(answer).await;
        if row.is_err() {
            self.hosts.suspect(session.host);
        }
        let row = row?;
        match &session.process {
            Some(process) if row.try_get::<String, _>(0)? != *process => Err(self.refuse_pooler()),
            _ => Ok(()),
        }
    }
}

/// Waits for an error.
async fn some(found: &watch::Sender<Option<StoreError>>) -> StoreError {
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
