//! Lists of what happened, and how each is narrowed.

use crate::domain::Timestamp;
use crate::ports::events::EventFilter;

/// Chooses the text of a list by which of a type (`$1`) and a user (`$2`) are given, so that an index on them
/// can be used; a condition that a parameter switches off hides it from the planner of SQLite. The moment
/// (`$3`) is always given, and the limit is `$4`. `$subject` is the column of the user.
macro_rules! by_filter {
    ($before:expr, $subject:literal, $after:expr $(,)?) => {{
        use crate::ports::events::EventFilter;
        |filter: &EventFilter| match (filter.type_name.is_some(), filter.user.is_some()) {
            (false, false) => concat!($before, "$1 IS NULL AND $2 IS NULL ", $after),
            (true, false) => concat!($before, "type = $1 AND $2 IS NULL ", $after),
            (false, true) => concat!($before, "$1 IS NULL AND ", $subject, " = $2 ", $after),
            (true, true) => concat!($before, "type = $1 AND ", $subject, " = $2 ", $after),
        }
    }};
}
pub(in crate::adapters::sqlx) use by_filter;

/// A text that [`by_filter!`] chooses.
pub(in crate::adapters::sqlx) type Filtered = fn(&EventFilter) -> &'static str;

/// Makes a query of such a text, with its first four parameters bound.
macro_rules! filtered {
    ($statement:expr, $filter:expr) => {
        sqlx::query_as($statement($filter))
            .bind($filter.type_name.as_deref())
            .bind($filter.user.map(|user| user.0))
            .bind($crate::adapters::sqlx::events::filtered::since($filter))
            .bind(i64::from($filter.limit))
    };
}
pub(in crate::adapters::sqlx) use filtered;

/// The moment of a filter: without one it is earlier than every event.
pub(in crate::adapters::sqlx) fn since(
    filter: &EventFilter,
) -> crate::adapters::sqlx::timestamp::SqlTimestamp {
    crate::adapters::sqlx::timestamp::SqlTimestamp(filter.since.unwrap_or(Timestamp::EPOCH))
}
