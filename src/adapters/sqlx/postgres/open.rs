use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;
use tokio::sync::watch;

use super::pool::Leases;
use super::sessions::{Limits, Sessions};
use crate::adapters::sqlx::SqlxStore;
use crate::adapters::sqlx::options::{PoolOptions, Pooler};
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
        let (unusable, _) = watch::channel(None);
        let sessions = |url: &SecretString, pooler, setting| {
            let server = parse(url.expose_secret())
                .ok_or_else(|| StoreError::Unavailable(format!("{setting} is not a URL of PostgreSQL")))?;
            let limits = Limits {
                statement: options.statement_timeout,
                lock: LOCK_TIMEOUT,
                idle_transaction: IDLE_TRANSACTION,
            };
            Ok::<_, StoreError>(Arc::new(Sessions::new(server, pooler, setting, limits, unusable.clone())))
        };
        let main = sessions(url, options.pooler, "database.url")?;
        let direct = match (&options.direct_url, options.pooler) {
            (Some(url), _) => Some(sessions(url, Pooler::Session, "database.direct_url")?),
            (None, Pooler::Session) => Some(main.clone()),
            (None, Pooler::Transaction) => None,
        };
        let patience = Patience(options.acquire_timeout + options.statement_timeout);
        let leases = |count| {
            let leases = Leases::new(main.clone(), count, options.acquire_timeout, patience.0);
            Pool::Postgres(leases, patience)
        };
        let (requests, worker) = (leases(options.max_connections), leases(WORKER));
        Ok(Self {
            readers: requests.clone(),
            writer: requests,
            follower: leases(1),
            worker_writer: worker.clone(),
            worker,
            direct,
            signals: Arc::default(),
            writable: Arc::default(),
        })
    }
}

/// `None` when it is malformed: why is not told, since the parser's words may repeat a part of the URL. The
/// parser takes any scheme, so that is checked first.
fn parse(url: &str) -> Option<PgConnectOptions> {
    let ours = url.starts_with("postgres://") || url.starts_with("postgresql://");
    if ours { url.parse().ok() } else { None }
}
