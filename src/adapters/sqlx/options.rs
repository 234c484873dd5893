use std::time::Duration;

use secrecy::SecretString;

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
    pub target: Target,
}

/// Which server of a group may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Any server that answers.
    Any,
    /// A server whose sessions may write.
    ReadWrite,
    /// A server that is not a standby.
    Primary,
}

impl From<SecretString> for PostgresServers {
    fn from(url: SecretString) -> Self {
        Self { urls: vec![url], target: Target::Any }
    }
}

/// How long a connection to PostgreSQL keeps the same session of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooler {
    /// For its whole life: there is no pooler, or one in session mode.
    Session,
    /// For one transaction: there is a pooler in transaction mode.
    Transaction,
}
