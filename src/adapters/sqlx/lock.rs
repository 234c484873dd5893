//! Row locks. PostgreSQL locks each row; on SQLite the unit of work already has the whole database to itself.

/// Makes a [`Statement`](super::statement::Statement) from a `SELECT` and locks the rows that it returns.
macro_rules! locking {
    ($($select:expr),+ $(,)?) => {
        Statement { postgres: concat!($($select),+, " FOR UPDATE"), sqlite: concat!($($select),+) }
    };
}
pub(super) use locking;
