//! Lists of what happened, and what each is narrowed by.

/// Where everything that is given has to match. `$subject` is the column of the user.
macro_rules! matching {
    ($subject:literal) => {
        concat!(
            "($1 IS NULL OR type = $1) AND ($2 IS NULL OR ",
            $subject,
            " = $2) AND ($3 IS NULL OR occurred_at >= $3) "
        )
    };
}
pub(super) use matching;

/// Fetches the rows of a statement that has [`matching!`] in it and ends with `LIMIT $4`.
macro_rules! fetch_filtered {
    ($statement:expr, $filter:expr, $db:expr) => {
        sqlx::query_as($statement)
            .bind($filter.type_name.as_deref())
            .bind($filter.user.map(|user| user.0))
            .bind($filter.since.map(super::moment::Moment))
            .bind(i64::from($filter.limit))
            .fetch_all($db)
    };
}
pub(super) use fetch_filtered;
