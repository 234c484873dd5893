use super::SqlxStore;
use super::event_log::OUTBOX_STATS;
use super::moment::Moment;
use super::run::{Pool, on_pool};
use super::statement::Statement;
use crate::ports::events::{Backlog, HandlerBacklog};
use crate::ports::store::StoreError;

/// One part for each index that holds what is not done.
const HANDLERS: &str = "SELECT handler, CAST(sum(pending) AS bigint) AS pending, \
     CAST(sum(failing) AS bigint) AS failing, CAST(sum(dead) AS bigint) AS dead FROM ( \
     SELECT handler, count(*) AS pending, count(last_error) AS failing, 0 AS dead FROM inbox \
     WHERE state = 'pending' AND claim IS NULL GROUP BY handler UNION ALL \
     SELECT handler, count(*), count(last_error), 0 FROM inbox \
     WHERE state = 'pending' AND claim IS NOT NULL GROUP BY handler UNION ALL \
     SELECT handler, 0, 0, count(*) FROM inbox WHERE state = 'dead' GROUP BY handler) AS waiting \
     GROUP BY handler ORDER BY handler";

const SIZE: Statement = Statement {
    postgres: "SELECT pg_database_size(current_database())",
    sqlite: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
};

#[derive(sqlx::FromRow)]
struct Row {
    handler: String,
    pending: i64,
    failing: i64,
    dead: i64,
}

/// How much waits.
pub(super) async fn read(store: &SqlxStore) -> Result<Backlog, StoreError> {
    let (unsent, failing, oldest): (i64, i64, Option<Moment>) =
        on_pool!(&store.worker, |db| sqlx::query_as(OUTBOX_STATS).fetch_one(db))?;
    let rows: Vec<Row> = on_pool!(&store.worker, |db| sqlx::query_as(HANDLERS).fetch_all(db))?;
    let handlers = rows.into_iter().map(|row| {
        let Row { handler, pending, failing, dead } = row;
        HandlerBacklog { handler, pending, failing, dead }
    });
    let (oldest, handlers) = (oldest.map(|moment| moment.0), handlers.collect());
    let size = SIZE.on_pool(&store.worker);
    let database_bytes = on_pool!(&store.worker, |db| sqlx::query_scalar(size).fetch_one(db))?;
    Ok(Backlog { unsent, failing, oldest, handlers, database_bytes })
}
