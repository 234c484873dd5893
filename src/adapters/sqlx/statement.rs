//! A statement that the two databases want in different words.

use super::run::{Pool, Tx};

/// The same statement for each of the two.
#[derive(Clone, Copy)]
pub(super) struct Statement {
    pub(super) postgres: &'static str,
    pub(super) sqlite: &'static str,
}

impl Statement {
    /// For a unit of work.
    pub(super) const fn on(self, tx: &Tx) -> &'static str {
        match tx {
            Tx::Postgres(..) => self.postgres,
            Tx::Sqlite(_) => self.sqlite,
        }
    }

    /// For a connection of a pool.
    pub(super) const fn on_pool(self, pool: &Pool) -> &'static str {
        match pool {
            Pool::Postgres(..) => self.postgres,
            Pool::Sqlite(_) => self.sqlite,
        }
    }
}
