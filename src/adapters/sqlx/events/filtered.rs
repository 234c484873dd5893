//! Filters for lists of events and audit entries.

use crate::domain::Timestamp;
use crate::ports::events::EventFilter;

/// Chooses the statement of a list by whether a type (`$1`) and a user (`$2`) are given, so that an index on
/// these columns can be used: a condition that a parameter switches off hides the index from the planner of
/// SQLite. The earliest time (`$3`) is always given, and `$4` is the limit. `$subject` is the column of the
/// user.
macro_rules! by_filter {
    ($before:expr, $subject:literal, $after:expr $(,)?) => {{
        use crate::ports::events::EventFilter;
        |filter: &EventFilter| match (filter.type_name.is_some(), filter.user.is_some()) {
            (false, false) => const_format::concatcp!($before, "$1 IS NULL AND $2 IS NULL ", $after),
            (true, false) => const_format::concatcp!($before, "type = $1 AND $2 IS NULL ", $after),
            (false, true) => const_format::concatcp!($before, "$1 IS NULL AND ", $subject, " = $2 ", $after),
            (true, true) => const_format::concatcp!($before, "type = $1 AND ", $subject, " = $2 ", $after),
        }
    }};
}
pub(in crate::adapters::sqlx) use by_filter;

/// A statement that [`by_filter!`] chooses by the filter.
pub(in crate::adapters::sqlx) type Filtered = fn(&EventFilter) -> &'static str;

/// Makes a query of such a statement and binds its first four parameters.
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

/// Returns the earliest time of a filter. Without one, it is earlier than every event.
pub(in crate::adapters::sqlx) fn since(
    filter: &EventFilter,
) -> crate::adapters::sqlx::timestamp::SqlTimestamp {
    crate::adapters::sqlx::timestamp::SqlTimestamp(filter.since.unwrap_or(Timestamp::EPOCH))
}
