//! Whether connections share the sessions of the server, as they do behind a pooler that works by
//! transactions or by statements.

use std::fmt::Display;
use std::sync::OnceLock;
use std::time::Duration;

use futures_util::FutureExt as _;
use sqlx::error::DatabaseError;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection, Row as _};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use super::failure::connecting;
use super::rested::TRUSTED_FOR;
use crate::ports::store::StoreError;

/// A part of the time that a caller waits for a connection. The second connection of a look may take as long:
/// behind a pooler in session mode that has no session left, it would wait for the first one.
const PART: u32 = 4;

/// What no two sessions have in common, on any server.
macro_rules! session {
    () => {
        "SELECT pg_backend_pid() || ' of ' || backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
    };
}
const SESSION: &str = session!();
/// Keeps a session until the transaction ends.
const HOLD: &str = concat!("BEGIN; ", session!());

/// Whether each connection has a session of its own. Found out once, for all callers.
#[derive(Default)]
pub(super) struct Ownership {
    is_proven: OnceLock<()>,
    /// Goes on when its caller stops waiting, so that the next caller finds the outcome.
    look: Mutex<JoinSet<(Instant, Result<Look, StoreError>)>>,
}

/// The outcome of a look.
#[derive(Debug)]
pub(super) enum Look {
    /// Each connection has a session of its own. The connection, if it was not given to another caller, can
    /// be used.
    Owned(Option<PgConnection>),
    /// Connections share sessions, each for a transaction.
    Transactions,
    /// Connections share sessions, each for a statement.
    Statements,
    /// There was no second connection in time.
    Unknown,
}

impl Ownership {
    pub(super) fn is_proven(&self) -> bool {
        self.is_proven.get().is_some()
    }

    /// Waits for the outcome of the one look, and begins it if there is none. An error, which is one of the
    /// first connection, is not remembered.
    pub(super) async fn look(
        &self,
        options: &PgConnectOptions,
        acquire_timeout: Duration,
    ) -> Result<Look, StoreError> {
        let mut look = self.look.lock().await;
        if self.is_proven() {
            return Ok(Look::Owned(None));
        }
        if look.is_empty() {
            let looking = look_with_two(options.clone(), acquire_timeout);
            look.spawn(looking.map(|found| (Instant::now(), found)));
        }
        let found = look.join_next().await.ok_or_else(|| no_look("no check is running"))?;
        let (when, mut found) = found.map_err(no_look)?;
        if matches!(found, Ok(Look::Owned(_) | Look::Unknown)) {
            let _ = self.is_proven.set(());
        }
        // The caller that began the look has gone, and the connection may have gone since.
        if let Ok(Look::Owned(connection)) = &mut found
            && when.elapsed() > TRUSTED_FOR
        {
            *connection = None;
        }
        found
    }
}

fn no_look(why: impl Display) -> StoreError {
    StoreError::Unavailable(format!("failed to check the sessions of the server: {why}"))
}

/// Ends in time whatever the server does.
async fn look_with_two(options: PgConnectOptions, acquire_timeout: Duration) -> Result<Look, StoreError> {
    let connecting_first = async {
        let mut first = PgConnection::connect_with(&options).await?;
        let own = session(&mut first, SESSION).await?;
        Ok((first, own))
    };
    let (mut first, own) = timeout(acquire_timeout, connecting_first)
        .await
        .map_err(|_| {
            StoreError::Unavailable(format!("no answer from PostgreSQL within {acquire_timeout:?}"))
        })?
        .map_err(connecting)?;
    match timeout(acquire_timeout / PART, are_shared(&mut first, &own, &options)).await {
        Ok(Ok(false)) => Ok(Look::Owned(Some(first))),
        Ok(Ok(true)) => Ok(Look::Transactions),
        Ok(Err(error)) if works_by_statements(&error) => Ok(Look::Statements),
        Ok(Err(error)) => {
            tracing::debug!(%error, "failed to check the sessions of the server");
            Ok(Look::Unknown)
        }
        Err(_) => Ok(Look::Unknown),
    }
}

/// Whether `first`, whose session is `own`, shares it with a second connection: both are on one session, or
/// one of them changes its session.
async fn are_shared(
    first: &mut PgConnection,
    own: &str,
    options: &PgConnectOptions,
) -> Result<bool, sqlx::Error> {
    let mut second = PgConnection::connect_with(options).await?;
    let other = session(&mut second, HOLD).await?;
    // While the second one keeps its session, and afterwards: a pooler that gives its sessions out one after
    // the other comes back to the same one every other time.
    let mut are_shared = other == own || session(first, SESSION).await? != own;
    if !are_shared {
        sqlx::raw_sql("ROLLBACK").execute(&mut second).await?;
        are_shared = session(first, SESSION).await? != own
            || session(&mut second, SESSION).await? != other
            || session(first, SESSION).await? != own;
    }
    second.close().await?;
    Ok(are_shared)
}

/// Reads all of the answer: the refusal of a pooler comes after the row.
async fn session(connection: &mut PgConnection, ask: &'static str) -> Result<String, sqlx::Error> {
    let rows = sqlx::raw_sql(ask).fetch_all(connection).await?;
    rows.first().ok_or(sqlx::Error::RowNotFound)?.try_get(0)
}

/// Whether a pooler refuses a transaction, since it gives each statement another session.
pub(super) fn works_by_statements(error: &sqlx::Error) -> bool {
    let text = error.as_database_error().map(DatabaseError::message);
    text.is_some_and(|text| text.contains("statement pooling mode"))
}
