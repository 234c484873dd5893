use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::Leases;
use crate::adapters::sqlx::SqlxStore;
use crate::adapters::sqlx::options::PoolOptions;
use crate::adapters::sqlx::run::{Patience, Pool};
use crate::ports::store::StoreError;

/// How long a statement of PostgreSQL waits for a lock that another one holds.
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);

/// After which PostgreSQL ends a transaction that does nothing, so that a lost client holds no locks.
const IDLE_TRANSACTION: Duration = Duration::from_secs(5);

/// The connections to PostgreSQL that the relay and the handlers' queues share. One more listens.
const WORKER: u32 = 2;

impl SqlxStore {
    /// Takes the address of a PostgreSQL server (`postgres://…`), and is refused only when that is malformed:
    /// it connects when it is first used, so a server that is down now may come up later. To be called, and
    /// dropped, inside a Tokio runtime.
    pub fn open_postgres(url: &SecretString, options: &PoolOptions) -> Result<Self, StoreError> {
        let server = parse(url.expose_secret())
            .ok_or_else(|| StoreError::Unavailable("the URL is not one of PostgreSQL".to_owned()))?;
        let milliseconds = |limit: Duration| limit.as_millis().to_string();
        let server = server.options([
            ("statement_timeout", milliseconds(options.statement_timeout)),
            ("lock_timeout", milliseconds(LOCK_TIMEOUT)),
            ("idle_in_transaction_session_timeout", milliseconds(IDLE_TRANSACTION)),
        ]);
        let patience = Patience(options.acquire_timeout + options.statement_timeout);
        let leases = |count, beside| {
            let pool =
                PgPoolOptions::new().max_connections(count + beside).acquire_timeout(options.acquire_timeout);
            let pool = pool.connect_lazy_with(server.clone());
            Pool::Postgres(Leases::new(pool, count, options.acquire_timeout, patience.0), patience)
        };
        let (requests, worker) = (leases(options.max_connections, 0), leases(WORKER, 1));
        Ok(Self {
            readers: requests.clone(),
            writer: requests,
            follower: leases(1, 0),
            worker_writer: worker.clone(),
            worker,
            signals: Arc::default(),
        })
    }
}

/// `None` when it is malformed: why is not told, since the parser's words may repeat a part of the URL. The
/// parser takes any scheme, so that is checked first.
fn parse(url: &str) -> Option<PgConnectOptions> {
    let ours = url.starts_with("postgres://") || url.starts_with("postgresql://");
    if ours { url.parse().ok() } else { None }
}
