use crate::adapters::sqlx::ids::first_at;
use crate::adapters::sqlx::long_statement::long_statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::domain::Timestamp;
use crate::ports::store::StoreError;

/// Ids are UUIDs of version 7, which begin with the time, so a bound on the time is a bound on the ids, which
/// are indexed. The result is the lowest `seq` of the first thousand ids: the clocks of processes differ, so
/// the order of ids is not exactly the order of `seq`.
const FIRST_SINCE: &str =
    "SELECT min(seq) FROM (SELECT seq FROM outbox WHERE id >= $1 ORDER BY id LIMIT 1000) AS near";
/// The largest difference assumed between the clocks of two processes.
const SKEW: std::time::Duration = std::time::Duration::from_mins(1);

/// Returns a position in the outbox that is not after the first event since `since`. If there is no such
/// event, no event is at or after the position.
pub(super) async fn first_since(store: &SqlxStore, since: Timestamp) -> Result<i64, StoreError> {
    let earliest = first_at(since.minus(SKEW));
    let first: Option<i64> = long_statement!(store.readers, |db| {
        sqlx::query_scalar(FIRST_SINCE).bind(earliest).fetch_one(db)
    })?;
    Ok(first.unwrap_or(i64::MAX))
}
