use std::time::Duration;

use secrecy::SecretString;

use crate::config::{Pooler, PostgresUrl, SessionTarget};

/// The number of connections, and the time limits.
#[derive(Clone, Debug)]
pub struct PoolOptions {
    /// The largest number of connections. On SQLite these are the readers; there is one writer in addition.
    pub max_connections: u32,
    /// How long to wait for a free or a new connection.
    pub acquire_timeout: Duration,
    /// How long PostgreSQL may work on one statement. SQLite has no such limit: no other machine slows it
    /// down.
    pub statement_timeout: Duration,
    /// How sessions of PostgreSQL are assigned to connections.
    pub pooler: Pooler,
    /// Servers to connect to directly, for work that needs a session of its own where `pooler` does not
    /// provide one.
    pub direct: Option<PostgresServers>,
}

/// A group of PostgreSQL servers of which one is used at a time.
#[derive(Clone, Debug)]
pub struct PostgresServers {
    /// A URL of the driver for each server, in the order in which they are tried. At least one.
    pub urls: Vec<SecretString>,
    /// Which of the servers may be used.
    pub target: SessionTarget,
}

impl From<SecretString> for PostgresServers {
    fn from(url: SecretString) -> Self {
        Self { urls: vec![url], target: SessionTarget::Any }
    }
}

impl From<&PostgresUrl> for PostgresServers {
    fn from(url: &PostgresUrl) -> Self {
        Self { urls: url.each_host(), target: url.target }
    }
}
