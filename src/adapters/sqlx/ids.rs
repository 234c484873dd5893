//! Passes many ids to one statement, as a JSON list of their hexadecimal digits, which both databases can
//! unpack.

use uuid::Uuid;

/// Makes a [`Statement`](super::statement::Statement) from the text before and after the list of ids. The
/// list is its parameter `$1`.
macro_rules! of_ids {
    ($before:expr, $behind:expr $(,)?) => {
        Statement {
            postgres: concat!(
                $before,
                "(SELECT CAST(hex AS uuid) FROM json_array_elements_text(CAST($1 AS json)) AS ids (hex))",
                $behind
            ),
            sqlite: concat!($before, "(SELECT unhex(value) FROM json_each($1))", $behind),
        }
    };
}
pub(super) use of_ids;

/// Formats ids for the parameter of such a statement.
pub(super) fn list(ids: &[Uuid]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("\"{}\"", id.simple())).collect();
    format!("[{}]", ids.join(","))
}
