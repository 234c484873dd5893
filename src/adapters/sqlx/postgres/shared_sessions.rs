//! The check whether connections share server sessions, as they do behind a pooler in transaction or
//! statement mode.

use std::fmt::Display;
use std::sync::OnceLock;
use std::time::Duration;

use const_format::concatcp;
use futures_util::FutureExt as _;
use sqlx::error::DatabaseError;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection, Row as _};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use super::failure::connecting;
use super::limits::TRUSTED_FOR;
use crate::ports::store::StoreError;

/// The second connection of the check may take the acquire timeout divided by this: behind a pooler in
/// session mode that has no session left, it would wait for the first one.
const PART: u32 = 4;

/// Selects a text that identifies a session among the sessions of all servers.
const SESSION: &str =
    "SELECT pg_backend_pid() || ' of ' || backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()";
/// Identifies the session, and keeps it until the transaction ends.
const HOLD: &str = concatcp!("BEGIN; ", SESSION);

/// Whether each connection has a session of its own. It is checked once, for all callers.
#[derive(Default)]
pub(super) struct Ownership {
    is_checked: OnceLock<()>,
    /// The running check. It continues when its caller stops waiting, so that the next caller gets the
    /// outcome.
    look: Mutex<JoinSet<(Instant, Result<Look, StoreError>)>>,
}

/// The outcome of the check.
#[derive(Debug)]
pub(super) enum Look {
    /// Each connection has a session of its own. Contains a usable connection, unless another caller got it.
    Owned(Option<PgConnection>),
    /// Connections share sessions, each for one transaction.
    Transactions,
    /// Connections share sessions, each for one statement.
    Statements,
    /// The second connection failed, or was not made in time.
    Unknown,
}

impl Ownership {
    pub(super) fn is_checked(&self) -> bool {
        self.is_checked.get().is_some()
    }

    /// Waits for the outcome of the check, and starts it if it is not running. An error can only be one of
    /// the first connection, and is not remembered.
    pub(super) async fn look(
        &self,
        options: &PgConnectOptions,
        acquire_timeout: Duration,
    ) -> Result<Look, StoreError> {
        let mut look = self.look.lock().await;
        if self.is_checked() {
            return Ok(Look::Owned(None));
        }
        if look.is_empty() {
            let looking = look_with_two(options.clone(), acquire_timeout);
            look.spawn(looking.map(|found| (Instant::now(), found)));
        }
        let found = look.join_next().await.ok_or_else(|| no_look("no check is running"))?;
        let (when, mut found) = found.map_err(no_look)?;
        if matches!(found, Ok(Look::Owned(_) | Look::Unknown)) {
            let _ = self.is_checked.set(());
        }
        // The caller that started the check has stopped waiting, and the connection may have broken since.
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

/// Runs the check. Returns in time, whatever the server does.
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

/// Whether `first`, whose session is `own`, shares sessions with a second connection: both have the same
/// session, or one of them changes its session.
async fn are_shared(
    first: &mut PgConnection,
    own: &str,
    options: &PgConnectOptions,
) -> Result<bool, sqlx::Error> {
    let mut second = PgConnection::connect_with(options).await?;
    let other = session(&mut second, HOLD).await?;
    // Compared while the second connection keeps its session, and afterwards: a pooler that gives out its
    // sessions in turn returns to the same one every other time.
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

/// Returns the session of a connection. Reads the whole answer, because a pooler's error comes after the row.
async fn session(connection: &mut PgConnection, ask: &'static str) -> Result<String, sqlx::Error> {
    let rows = sqlx::raw_sql(ask).fetch_all(connection).await?;
    rows.first().ok_or(sqlx::Error::RowNotFound)?.try_get(0)
}

/// Whether a pooler rejected a transaction because it gives each statement another session.
pub(super) fn works_by_statements(error: &sqlx::Error) -> bool {
    let text = error.as_database_error().map(DatabaseError::message);
    text.is_some_and(|text| text.contains("statement pooling mode"))
}
