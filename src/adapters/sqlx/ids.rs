//! Passes many ids to one statement, as a JSON list of their hexadecimal digits, which both databases can
//! unpack. Also the ids of a time.

use uuid::Uuid;

use crate::domain::Timestamp;

/// Makes a [`Statement`](super::statement::Statement) from the text before and after the condition that
/// `$column` is one of a list of ids. The list is its parameter `$1`.
///
/// The first and the last id of the list, which is sorted, bound the column, so that PostgreSQL reads only
/// the partitions between them. It would not leave out a partition because of the list itself. As an array,
/// the list is looked up in an index, whatever the planner estimates; a join could read all rows between the
/// bounds.
macro_rules! of_ids {
    ($before:expr, $column:literal, $behind:expr $(,)?) => {
        Statement {
            postgres: const_format::concatcp!(
                $before,
                $column,
                " BETWEEN CAST(CAST($1 AS json) ->> 0 AS uuid) AND CAST(CAST($1 AS json) ->> -1 AS uuid) AND ",
                $column,
                " = ANY (ARRAY(SELECT CAST(hex AS uuid) FROM json_array_elements_text(CAST($1 AS json)) AS ids (hex)))",
                $behind
            ),
            sqlite: const_format::concatcp!($before, $column, " IN (SELECT unhex(value) FROM json_each($1))", $behind),
        }
    };
}
pub(super) use of_ids;

/// Formats ids for the parameter of such a statement.
pub(super) fn list(ids: &[Uuid]) -> String {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    let ids: Vec<String> = ids.iter().map(|id| format!("\"{}\"", id.simple())).collect();
    format!("[{}]", ids.join(","))
}

/// Returns the lowest id of a time. Ids are UUIDs of version 7, which begin with milliseconds since 1970 in
/// 48 bits (RFC 9562, section 5.7).
pub(super) fn first_at(time: Timestamp) -> Uuid {
    let millis = u128::try_from(time.as_micros().div_euclid(1000)).unwrap_or(0);
    Uuid::from_u128(millis.min((1 << 48) - 1) << 80)
}
