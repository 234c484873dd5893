//! How a connection to one of the servers is made and proven.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use tokio::time::Instant;

use super::super::failure::connecting;
use super::super::refusals;
use super::super::shared_sessions::Look;
use super::process::{Process, number};
use super::{Session, Sessions};
use crate::ports::store::StoreError;

/// A connection that is older is closed, so that what the server keeps for it does not grow without end. Up
/// to a quarter less, so that connections that were made together do not end together.
const LIFETIME: Duration = Duration::from_mins(30);

/// How long a refusal of the server counts for the next callers, so that each request does not log in again.
const REFUSED_FOR: Duration = Duration::from_millis(200);

impl Sessions {
    /// Makes a connection that may be used.
    pub(in crate::adapters::sqlx::postgres) async fn connect(&self) -> Result<Session, StoreError> {
        if let Some((when, error)) = &*self.last.borrow()
            && is_refusal(error)
            && when.elapsed() < REFUSED_FOR
        {
            return Err(error.clone());
        }
        // Boxed: a connection is seldom made, and every statement would carry the room for it.
        let made = Box::pin(self.make()).await;
        match &made {
            Ok(_) => drop(self.last.send_replace(None)),
            Err(error) => self.record(error.clone()),
        }
        made
    }

    /// Proves, once, that connections have sessions of their own; and of several servers, each time, which
    /// one can be used.
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
                // Refused for good, by whichever server found it.
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
        let proven = if self.keep() { self.prove_owned(host).await? } else { None };
        let mut connection = match proven {
            Some(connection) => connection,
            None => PgConnection::connect_with(options).await.map_err(connecting)?,
        };
        let greeting = sqlx::raw_sql(AssertSqlSafe(self.greeting.clone()));
        let greeting = greeting.fetch_one(&mut connection).await.map_err(connecting)?;
        let is_read_only = greeting.try_get::<String, _>(3)? == "on";
        self.hosts.check(is_read_only, greeting.try_get::<String, _>(4)? == "true")?;
        let encoding: String = greeting.try_get(1)?;
        if encoding != "UTF8" {
            return Err(self.refuse(refusals::encoding(&encoding)));
        }
        let differing: String = greeting.try_get(2)?;
        if !differing.is_empty() {
            return Err(self.refuse(refusals::limits(&differing, &self.limits, options.get_username())));
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

    /// Proves that connections do not share server sessions, as far as that shows within a moment. The first
    /// caller gets the connection that proved it.
    async fn prove_owned(&self, host: usize) -> Result<Option<PgConnection>, StoreError> {
        if self.ownerships[host].is_proven() {
            return Ok(None);
        }
        match self.ownerships[host].look(self.hosts.options(host), self.acquire_timeout).await? {
            Look::Owned(connection) => Ok(connection),
            Look::Unknown => Ok(None),
            Look::Transactions => Err(self.refuse_pooler()),
            Look::Statements => Err(self.refuse_statements()),
        }
    }
}

/// Whether the server refuses, by whichever setting it was reached.
fn is_refusal(error: &StoreError) -> bool {
    match error {
        StoreError::Unusable(..) => true,
        StoreError::Direct(error) => is_refusal(error),
        _ => false,
    }
}
