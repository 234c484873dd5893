/// Connections to the database, for operators.
pub trait StoreConnections: Send + Sync {
    /// Returns the present state of each pool.
    fn pools(&self) -> Vec<PoolState>;
}

/// The connections of one pool at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolState {
    /// The name of the pool: what its connections are for.
    pub pool: &'static str,
    /// Connections in use.
    pub used: usize,
    /// Open connections that wait for their next use.
    pub idle: usize,
    /// The most connections that the pool opens.
    pub max: usize,
}
