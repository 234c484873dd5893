//! PostgreSQL: the server, and the databases that tests use on it.
//!
//! **Here**: the choice of the server (this file), a private server that ends with the run (`private`), a
//! primary with a standby for one test (`pair`), a server for one test (`alone`), the connections of the
//! housekeeping (`kept`), the numbers that this process owns on the server (`claims`), how many tests may use
//! it at the same time (`seats`), the databases (`databases`) and their schema (`schema`).

mod alone;
mod claims;
mod databases;
mod kept;
mod pair;
mod private;
mod schema;
mod seats;
#[cfg(test)]
mod tests;

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use tokio::sync::OnceCell;
use url::Url;

use super::environment;
pub use alone::{Alone, run as run_alone};
pub use databases::Database;
pub use kept::HOUSEKEEPER;
pub use pair::{Pair, run as run_pair};
pub use seats::Seat;

static SERVER: OnceCell<Result<Url, String>> = OnceCell::const_new();

/// Finds the server, once per process. The error names what is missing, without the URL's password.
///
/// It is the server at `SVC_TEST_POSTGRES_URL`; else a private one if `initdb` is installed; else the server
/// at the standard port of this machine.
pub async fn look() -> Result<(), &'static str> {
    let server = SERVER.get_or_init(async || match environment::variable("SVC_TEST_POSTGRES_URL") {
        Some(url) => reached(&url).await,
        None => match private::start().await {
            Some(started) => started,
            None => reached("postgres://postgres@127.0.0.1:5432/postgres").await,
        },
    });
    server.await.as_ref().map(drop).map_err(String::as_str)
}

async fn reached(url: &str) -> Result<Url, String> {
    let url = Url::parse(url).map_err(|why| format!("no PostgreSQL: SVC_TEST_POSTGRES_URL: {why}"))?;
    let server: PgConnectOptions = url
        .as_str()
        .parse()
        .map_err(|_| "no PostgreSQL: SVC_TEST_POSTGRES_URL is not a URL of one".to_owned())?;
    let missing =
        |why: String| format!("no PostgreSQL at {}:{} ({why})", server.get_host(), server.get_port());
    match tokio::time::timeout(Duration::from_mins(1), server.connect()).await {
        Ok(Ok(connection)) => {
            connection.close().await.map_err(|why| missing(why.to_string()))?;
            Ok(url)
        }
        Ok(Err(why)) => Err(missing(why.to_string())),
        Err(_) => Err(missing("no answer".to_owned())),
    }
}

/// Returns the server that [`look`] found.
pub fn server() -> &'static Url {
    SERVER.get().expect("look() comes first").as_ref().unwrap()
}

fn url_of(database: &str) -> String {
    let mut url = server().clone();
    url.set_path(database);
    url.into()
}

/// Executes a statement that cannot run in a transaction, on a new connection.
async fn execute(sql: &str) {
    execute_at(server().as_str(), sql).await;
}

/// Executes a statement on a database.
async fn execute_on(database: &str, sql: &str) {
    execute_at(&url_of(database), sql).await;
}

async fn execute_at(url: &str, sql: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .unwrap_or_else(|why| panic!("{sql}: {why}"));
    connection.close().await.unwrap();
}

/// Returns the rows of a query with one text column.
async fn texts(connection: &mut PgConnection, sql: &str) -> Vec<String> {
    sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_all(connection)
        .await
        .unwrap_or_else(|why| panic!("{sql}: {why}"))
}
