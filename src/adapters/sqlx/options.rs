use std::time::Duration;

/// How many connections there are, and how long anything waits.
#[derive(Clone, Debug)]
pub struct PoolOptions {
    /// At most. On SQLite these are the readers; the writer is one more.
    pub max_connections: u32,
    /// How long to wait for a free or a new connection.
    pub acquire_timeout: Duration,
    /// How long PostgreSQL works on one statement. SQLite, which nobody else slows down, has no such limit.
    pub statement_timeout: Duration,
}
