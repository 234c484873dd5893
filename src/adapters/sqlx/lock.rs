//! Locking rows. PostgreSQL locks each; on SQLite the unit of work has the whole database to itself already.

use super::run::Tx;

/// A statement that locks the rows it reads.
#[derive(Clone, Copy)]
pub(super) struct Locking {
    pub(super) postgres: &'static str,
    pub(super) sqlite: &'static str,
}

impl Locking {
    pub(super) const fn on(self, tx: &Tx) -> &'static str {
        match tx {
            Tx::Postgres(..) => self.postgres,
            Tx::Sqlite(_) => self.sqlite,
        }
    }
}

/// Makes a [`Locking`] of the text of a `SELECT`.
macro_rules! locking {
    ($($select:expr),+ $(,)?) => {
        Locking { postgres: concat!($($select),+, " FOR UPDATE"), sqlite: concat!($($select),+) }
    };
}
pub(super) use locking;
