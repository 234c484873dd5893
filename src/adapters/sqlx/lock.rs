//! Locking rows. PostgreSQL locks each; on SQLite the unit of work has the whole database to itself already.

/// Makes a [`Statement`](super::statement::Statement) of the text of a `SELECT`, whose rows it locks.
macro_rules! locking {
    ($($select:expr),+ $(,)?) => {
        Statement { postgres: concat!($($select),+, " FOR UPDATE"), sqlite: concat!($($select),+) }
    };
}
pub(super) use locking;
