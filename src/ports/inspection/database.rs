use async_trait::async_trait;

use crate::domain::Timestamp;
use crate::ports::store::StoreError;

/// Inspects the database.
#[async_trait]
pub trait DatabaseInspector: Send + Sync {
    /// Measures the database, in bounded time.
    async fn inspect(&self) -> Result<DatabaseFacts, StoreError>;
}

/// What was measured of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseFacts {
    /// Its name and version, such as `PostgreSQL 15.6`.
    pub product: String,
    /// The encoding of texts, such as `UTF8`.
    pub encoding: String,
    /// Its size, in bytes.
    pub bytes: u64,
    /// When the clean-up job that waits longest was due; `None` if no job has ever run.
    pub oldest_due_job: Option<Timestamp>,
    /// What only a database server has.
    pub server: Option<ServerFacts>,
}

/// What was measured of a database server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerFacts {
    /// The time by its clock.
    pub now: Timestamp,
    /// The rights that the role lacks, such as `DELETE on sessions`.
    pub missing_rights: Vec<String>,
    /// The tables with partitions by time.
    pub partitions: Vec<PartitionedTable>,
    /// The number of connections that the role can have at once: the least of the limits of the server, the
    /// database and the role, without the connections that are reserved for administrators.
    pub connection_limit: u32,
    /// The limit that this is, such as `max_connections`.
    pub limited_by: String,
    /// The connections that are open for other databases or by other roles, and count against that limit.
    pub others: u32,
    /// The processes of the service that are connected now.
    pub replicas: u32,
}

/// The partitions of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionedTable {
    /// Its name.
    pub table: String,
    /// When the last partition with an end ends; `None` if there is no such partition.
    pub end: Option<Timestamp>,
    /// Where the first range of time begins that has no partition; `None` if every time has one.
    pub first_gap: Option<Timestamp>,
    /// When the partition of the present began to be in use; `None` if there is none.
    pub present_since: Option<Timestamp>,
}
