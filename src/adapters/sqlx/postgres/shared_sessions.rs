//! Whether connections share the sessions of the server, as they do behind a pooler that works by
//! transactions.

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection, Row as _};

/// How often to look. Once suffices before a pooler that nothing else uses; beside other clients it can take
/// several looks until a connection meets another session.
const ROUNDS: usize = 4;

/// What no two sessions have in common, on whatever server they are.
macro_rules! session {
    () => {
        "SELECT pg_backend_pid() || ' of ' || backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
    };
}
const SESSION: &str = session!();
/// Holds on to a session.
const HOLD: &str = concat!("BEGIN; ", session!());

/// Whether `first`, which has not been used for anything else, shares its session with a second connection
/// that is made for this look: both are on one session, or `first` changes its session while the second one
/// holds what it was given.
pub(super) async fn are_shared(
    first: &mut PgConnection,
    options: &PgConnectOptions,
) -> Result<bool, sqlx::Error> {
    let own = session(first, SESSION).await?;
    let mut second = PgConnection::connect_with(options).await?;
    let mut are_shared = false;
    for _ in 0..ROUNDS {
        // Before a transaction, which a pooler that works by statements ends together with the connection.
        if session(&mut second, SESSION).await? == own {
            return Ok(true);
        }
        are_shared |= session(&mut second, HOLD).await? == own;
        are_shared |= session(first, SESSION).await? != own;
        sqlx::raw_sql("ROLLBACK").execute(&mut second).await?;
        // Twice: a pooler that gives its sessions out in turn would come back to the same one every other
        // time.
        are_shared |= session(first, SESSION).await? != own;
        are_shared |= session(first, SESSION).await? != own;
        if are_shared {
            break;
        }
    }
    second.close().await?;
    Ok(are_shared)
}

async fn session(connection: &mut PgConnection, ask: &'static str) -> Result<String, sqlx::Error> {
    sqlx::raw_sql(ask).fetch_one(connection).await?.try_get(0)
}
