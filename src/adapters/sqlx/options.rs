use std::time::Duration;

use secrecy::SecretString;

/// How many connections there are, and how long anything waits.
#[derive(Clone, Debug)]
pub struct PoolOptions {
    /// At most. On SQLite these are the readers; the writer is one more.
    pub max_connections: u32,
    /// How long to wait for a free or a new connection.
    pub acquire_timeout: Duration,
    /// How long PostgreSQL works on one statement. SQLite, which no other machine slows down, has no such
    /// limit.
    pub statement_timeout: Duration,
    /// What gives out the sessions of PostgreSQL.
    pub pooler: Pooler,
    /// A way to PostgreSQL for what needs a session of its own, where `pooler` gives none.
    pub direct: Option<PostgresServers>,
}

/// The servers of PostgreSQL that stand for each other.
#[derive(Clone, Debug)]
pub struct PostgresServers {
    /// A URL of the driver for each, in the order in which they are tried. At least one.
    pub urls: Vec<SecretString>,
    /// Which of them will do.
    pub target: Target,
}

/// Which server of PostgreSQL will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Any that answers.
    Any,
    /// One whose sessions may make changes.
    ReadWrite,
    /// One that is no standby.
    Primary,
}

impl From<SecretString> for PostgresServers {
    fn from(url: SecretString) -> Self {
        Self { urls: vec![url], target: Target::Any }
    }
}

/// How long a connection to PostgreSQL has the same session of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooler {
    /// All its time: there is no pooler, or one in session mode.
    Session,
    /// As long as a transaction: there is a pooler in transaction mode.
    Transaction,
}
