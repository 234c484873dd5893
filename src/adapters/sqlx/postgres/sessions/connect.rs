//! How a connection to one of the servers is made and verified.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use tokio::time::Instant;

use super::super::failure::connecting;
use super::super::rejections;
use super::super::shared_sessions::Look;
use super::process::{Process, number};
use super::{Session, Sessions};
use crate::ports::store::StoreError;

/// The greatest age of a connection. It bounds the memory that the server uses for the session. Connections
/// end up to a quarter earlier, so that those made together do not end together.
const LIFETIME: Duration = Duration::from_mins(30);

/// How long a rejection by the server is returned to later callers, so that each request does not log in
/// again.
const REFUSED_FOR: Duration = Duration::from_millis(200);

impl Sessions {
    /// Makes a verified connection.
    pub(in crate::adapters::sqlx::postgres) async fn connect(&self) -> Result<Session, StoreError> {
        if let Some((when, error)) = &*self.last.borrow()
            && is_rejection(error)
            && when.elapsed() < REFUSED_FOR
        {
            return Err(error.clone());
        }
        // Boxed: a connection is seldom made, and the future would enlarge that of every statement.
        let made = Box::pin(self.make()).await;
        match &made {
            Ok(_) => drop(self.last.send_replace(None)),
            Err(error) => self.record(error.clone()),
        }
        made
    }

    /// Verifies that connections have sessions of their own. For one server this is checked once; for
    /// several, a new connection finds each time which one can be used.
    pub(in crate::adapters::sqlx) async fn verify(&self) -> Result<(), StoreError> {
        self.check()?;
        if self.hosts.are_several() {
            let _ = self.connect().await?.connection.close().await;
            return Ok(());
        }
        if let Some(connection) = self.prove_owned(self.hosts.chosen()).await? {
            let _ = connection.close().await;
        }
        Ok(())
    }

    /// Makes a connection without the time limits of requests.
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
                // The database is unusable, whichever server showed it.
                Err(error) if self.check().is_err() => return Err(error),
                Err(error) => {
                    trial.failed();
                    failures.push((host, error));
                }
            }
        }
        Err(self.hosts.all_failed(failures))
    }

    async fn make_on(&self, host: usize) -> Result<Session, StoreError> {
        let options = self.hosts.options(host);
        let checked = if self.keep() { self.prove_owned(host).await? } else { None };
        let mut connection = match checked {
            Some(connection) => connection,
            None => PgConnection::connect_with(options).await.map_err(connecting)?,
        };
        let greeting = sqlx::raw_sql(AssertSqlSafe(self.greeting.clone()));
        let greeting = greeting.fetch_one(&mut connection).await.map_err(connecting)?;
        let is_read_only = greeting.try_get::<String, _>(3)? == "on";
        self.hosts.check(is_read_only, greeting.try_get::<String, _>(4)? == "true")?;
        let encoding: String = greeting.try_get(1)?;
        if encoding != "UTF8" {
            return Err(self.refuse(rejections::encoding(&encoding)));
        }
        let differing: String = greeting.try_get(2)?;
        if !differing.is_empty() {
            return Err(self.refuse(rejections::limits(&differing, &self.limits, options.get_username())));
        }
        let process = if self.keep() { Some(Process::read(&greeting, 0, 5)?) } else { None };
        let (born, clock) = (Instant::now(), number(&greeting, 6)?);
        let part = u32::from(RandomState::new().hash_one(()).to_le_bytes()[0]);
        Ok(Session {
            connection,
            process,
            host,
            born,
            clock,
            ends: born + LIFETIME - LIFETIME / 4 * part / 255,
        })
    }

    /// Verifies that connections do not share server sessions, as far as a short check shows. The first
    /// caller gets the connection of the check.
    async fn prove_owned(&self, host: usize) -> Result<Option<PgConnection>, StoreError> {
        if self.ownerships[host].is_checked() {
            return Ok(None);
        }
        match self.ownerships[host].look(self.hosts.options(host), self.acquire_timeout).await? {
            Look::Owned(connection) => Ok(connection),
            Look::Transactions => Err(self.refuse_pooler()),
            Look::Statements => Err(self.refuse_statements()),
        }
    }
}

/// Whether the error makes the database unusable, whichever setting the server was reached by.
fn is_rejection(error: &StoreError) -> bool {
    match error {
        StoreError::Unusable(..) => true,
        StoreError::Direct(error) => is_rejection(error),
        _ => false,
    }
}
