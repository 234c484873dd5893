//! Many ids in one statement: a JSON list of their hexadecimal digits, which both databases can take apart.

use uuid::Uuid;

/// Makes a [`Statement`](super::statement::Statement) of what stands before and behind the ids, which are its `$1`.
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

/// The ids as such a statement takes them.
pub(super) fn list(ids: &[Uuid]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("\"{}\"", id.simple())).collect();
    format!("[{}]", ids.join(","))
}
