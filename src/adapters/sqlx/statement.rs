//! A statement that differs between the two databases.

use super::run::{Pool, Tx};

/// The text of a statement for each database.
#[derive(Clone, Copy)]
pub(super) struct Statement {
    pub(super) postgres: &'static str,
    pub(super) sqlite: &'static str,
}

impl Statement {
    /// Returns the text for a unit of work.
    pub(super) const fn on(self, tx: &Tx) -> &'static str {
        match tx {
            Tx::Postgres(..) => self.postgres,
            Tx::Sqlite(_) => self.sqlite,
        }
    }

    /// Returns the text for a connection of a pool.
    pub(super) const fn on_pool(self, pool: &Pool) -> &'static str {
        match pool {
            Pool::Postgres(..) => self.postgres,
            Pool::Sqlite(_) => self.sqlite,
        }
    }
}
