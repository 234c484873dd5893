use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;
use sqlx::postgres::PgConnectOptions;
use tokio::sync::watch;

use super::cancel::Canceller;
use super::hosts::Hosts;
use super::limits::Limits;
use super::pool::ConnectionPool;
use super::rejections::MAIN;
use super::sessions::Sessions;
use crate::adapters::sqlx::options::{PoolOptions, PostgresServers};
use crate::adapters::sqlx::run::{Patience, Pool};
use crate::adapters::sqlx::store::SqlxStore;
use crate::config::Pooler;
use crate::ports::store::StoreError;

/// How long a statement waits for a lock of another session.
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a transaction may be idle before PostgreSQL ends it, so that a lost client holds no locks.
const IDLE_TRANSACTION: Duration = Duration::from_secs(5);

/// The number of connections that the relay and the handlers' queues share. One more connection listens.
const WORKER: u32 = 2;

impl SqlxStore {
    /// Opens a store on PostgreSQL servers, by their URLs (`postgres://…`). Fails only if a URL is malformed:
    /// the store connects when it is first used, so a server that is down now may come up later. The store
    /// must be created and dropped inside a Tokio runtime.
    pub fn open_postgres(servers: &PostgresServers, options: &PoolOptions) -> Result<Self, StoreError> {
        let (unusable, _) = watch::channel(None);
        let sessions = |servers: &PostgresServers, pooler, setting| {
            let all: Option<Vec<_>> = servers.urls.iter().map(|url| parse(url.expose_secret())).collect();
            let all = all.filter(|all| !all.is_empty());
            let all =
                all.ok_or_else(|| StoreError::Unavailable(format!("{setting} is not a URL of PostgreSQL")))?;
            // A request that gets no answer from one server has the time to ask the next.
            let hosts = Hosts::new(all, servers.target, options.acquire_timeout / 2);
            let limits = Limits {
                statement: options.statement_timeout,
                lock: LOCK_TIMEOUT,
                idle_transaction: IDLE_TRANSACTION,
            };
            let unusable = unusable.clone();
            let sessions = Sessions::new(hosts, pooler, setting, limits, options.acquire_timeout, unusable);
            Ok::<_, StoreError>(Arc::new(sessions))
        };
        let main = sessions(servers, options.pooler, MAIN)?;
        let direct = match (&options.direct, options.pooler) {
            (Some(servers), _) => Some(sessions(servers, Pooler::Session, "database.direct_url")?),
            (None, Pooler::Session) => Some(main.clone()),
            (None, Pooler::Transaction) => None,
        };
        let patience = Patience(main.patience());
        let canceller = Arc::new(Canceller::new(&main, direct.as_ref()));
        let to = |sessions: &Arc<Sessions>, count| {
            ConnectionPool::new(
                sessions.clone(),
                canceller.clone(),
                count,
                options.acquire_timeout,
                patience.0,
            )
        };
        let connections = |count| to(&main, count);
        let pool = |connections| Pool::Postgres(connections, patience);
        let (requests, worker) = (connections(options.max_connections), pool(connections(WORKER)));
        let schema = match (&options.direct, &direct) {
            (Some(_), Some(direct)) => pool(to(direct, 1)),
            _ => worker.clone(),
        };
        Ok(Self {
            writer: pool(requests.for_changes()),
            readers: pool(requests),
            change_feed: pool(connections(1)),
            worker_writer: worker.clone(),
            worker,
            schema,
            direct,
            signals: Arc::default(),
            writable: Arc::default(),
        })
    }
}

/// Returns `None` if the URL is malformed, without the parser's error, which may repeat a part of the URL.
/// The parser accepts any scheme, so that is checked first.
fn parse(url: &str) -> Option<PgConnectOptions> {
    let ours = url.starts_with("postgres://") || url.starts_with("postgresql://");
    let options: PgConnectOptions = if ours { url.parse().ok()? } else { return None };
    // A pooler rejects a startup parameter that it does not know, or drops it silently, so the limits are set
    // by statements.
    Some(options.extra_float_digits(None))
}
