//! The check whether connections share server sessions, as they do behind a pooler in transaction or
//! statement mode.
//!
//! A session that began with the name of this very connection belongs to it: no pooler is in between. So one
//! connection is enough, unless there is a pooler. Then a second connection shows what it does.

use std::fmt::Display;
use std::hash::{BuildHasher as _, RandomState};
use std::pin::pin;
use std::sync::OnceLock;
use std::time::Duration;

use const_format::concatcp;
use futures_util::FutureExt as _;
use sqlx::error::DatabaseError;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use super::failure::connecting;
use super::limits::TRUSTED_FOR;
use crate::ports::store::StoreError;

/// The second connection of the check may wait for a session for the acquire timeout divided by this: behind
/// a pooler in session mode that has no session left, it would wait for the first one.
const PART: u32 = 4;

/// How often both connections are asked for their sessions: a pooler with other clients may give one of them
/// the same session several times.
const ROUNDS: usize = 8;

/// How often the first connection is asked while the second one waits for a session, and the pause after it.
const OVERTAKEN: (usize, Duration) = (3, Duration::from_millis(50));

/// Selects a text that identifies a session among the sessions of all servers.
const SESSION: &str =
    "SELECT pg_backend_pid() || ' of ' || backend_start FROM pg_stat_get_activity(pg_backend_pid())";
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
}

impl Ownership {
    pub(super) fn is_checked(&self) -> bool {
        self.is_checked.get().is_some()
    }

    /// Waits for the outcome of the check, and starts it if it is not running. An error is not remembered.
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
            let looking = look_at(options.clone(), acquire_timeout);
            look.spawn(looking.map(|found| (Instant::now(), found)));
        }
        let found = look.join_next().await.ok_or_else(|| no_look("no check is running"))?;
        let (when, mut found) = found.map_err(no_look)?;
        if matches!(found, Ok(Look::Owned(_))) {
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
async fn look_at(options: PgConnectOptions, acquire_timeout: Duration) -> Result<Look, StoreError> {
    let (mut first, is_own) = in_time(acquire_timeout, connect_named(&options)).await?.map_err(connecting)?;
    if is_own {
        return Ok(Look::Owned(Some(first)));
    }
    let own = in_time(acquire_timeout, session(&mut first, SESSION)).await?;
    let second = in_time(acquire_timeout, PgConnection::connect_with(&options)).await?.map_err(connecting)?;
    let found = match own {
        Ok(own) => {
            let comparing = are_shared(&mut first, &own, second, acquire_timeout / PART);
            in_time(acquire_timeout, comparing).await?
        }
        Err(error) => Err(error),
    };
    match found {
        Ok(false) => Ok(Look::Owned(Some(first))),
        Ok(true) => Ok(Look::Transactions),
        Err(error) if works_by_statements(&error) => Ok(Look::Statements),
        Err(error) => Err(no_look(error)),
    }
}

async fn in_time<T>(limit: Duration, answer: impl Future<Output = T>) -> Result<T, StoreError> {
    let silence = |_| StoreError::Unavailable(format!("no answer from PostgreSQL within {limit:?}"));
    timeout(limit, answer).await.map_err(silence)
}

/// Connects under a name that no other connection has, and asks for the name with which the session began.
/// If that is the name, the session is that of this connection. A pooler begins a session with no name, or
/// with another one, and passes the client's name on by a statement.
async fn connect_named(options: &PgConnectOptions) -> Result<(PgConnection, bool), sqlx::Error> {
    let name = format!("svc {:016x}", RandomState::new().hash_one(()));
    let mut connection = PgConnection::connect_with(&options.clone().application_name(&name)).await?;
    let usual = options.get_application_name().unwrap_or_default().replace('\'', "''");
    let ask = format!(
        "RESET application_name; SELECT current_setting('application_name'); \
         SET application_name = '{usual}'"
    );
    let rows = sqlx::raw_sql(AssertSqlSafe(ask)).fetch_all(&mut connection).await?;
    let began_with: &str = rows.first().ok_or(sqlx::Error::RowNotFound)?.try_get(0)?;
    let is_own = began_with == name;
    Ok((connection, is_own))
}

/// Whether `first`, whose session is `own`, shares sessions with `second`: both have the same session, or one
/// of them changes its session. The second one may wait for its session until `patience` ends.
async fn are_shared(
    first: &mut PgConnection,
    own: &str,
    mut second: PgConnection,
    patience: Duration,
) -> Result<bool, sqlx::Error> {
    let other = {
        let mut holding = pin!(session(&mut second, HOLD));
        let mut answer = timeout(patience, &mut holding).await;
        for _ in 0..OVERTAKEN.0 {
            if answer.is_ok() {
                break;
            }
            // A pooler that shares sessions serves who asked first. If this one is answered before, it
            // need not wait for a session.
            if session(first, SESSION).await? != own {
                return Ok(true);
            }
            answer = timeout(OVERTAKEN.1, &mut holding).await;
        }
        match answer {
            Ok(other) => other?,
            Err(_) => return Ok(false),
        }
    };
    // Compared while the second connection keeps its session, and afterwards: a pooler that gives out its
    // sessions in turn returns to the same one every other time.
    if other == own || session(first, SESSION).await? != own {
        return Ok(true);
    }
    sqlx::raw_sql("ROLLBACK").execute(&mut second).await?;
    for _ in 0..ROUNDS {
        if session(first, SESSION).await? != own || session(&mut second, SESSION).await? != other {
            return Ok(true);
        }
    }
    second.close().await?;
    Ok(false)
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
