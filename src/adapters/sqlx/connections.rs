use super::run::Pool;
use super::store::SqlxStore;
use crate::ports::store::{PoolState, StoreConnections};

impl StoreConnections for SqlxStore {
    fn pools(&self) -> Vec<PoolState> {
        let mut pools = vec![
            self.readers.state("requests"),
            self.worker.state("worker"),
            self.change_feed.state("change_feed"),
        ];
        // On PostgreSQL the connections of `readers` are also those for changes.
        if let Pool::Sqlite(_) = self.writer {
            pools.push(self.writer.state("writer"));
        }
        pools
    }
}

impl Pool {
    fn state(&self, pool: &'static str) -> PoolState {
        match self {
            Self::Postgres(connections, _) => connections.state(pool),
            Self::Sqlite(connections) => {
                // sqlx counts an idle connection after another task may have taken it: for a moment the
                // number can be one below zero, which wraps.
                let open = usize::try_from(connections.size()).unwrap_or(usize::MAX);
                let idle = Some(connections.num_idle()).filter(|idle| *idle <= open).unwrap_or(0);
                let used = open - idle;
                let max = connections.options().get_max_connections();
                PoolState { pool, used, idle, max: usize::try_from(max).unwrap_or(usize::MAX) }
            }
        }
    }
}
