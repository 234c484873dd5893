//! Row locks. PostgreSQL locks each row; on SQLite the unit of work already has the whole database to itself.

/// Makes a [`Statement`](super::statement::Statement) from a `SELECT` and locks the rows that it returns.
macro_rules! locking {
    ($($select:expr),+ $(,)?) => {
        Statement { postgres: const_format::concatcp!($($select),+, " FOR UPDATE"), sqlite: const_format::concatcp!($($select),+) }
    };
}
pub(super) use locking;
