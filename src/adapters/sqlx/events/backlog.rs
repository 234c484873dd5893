use async_trait::async_trait;

use crate::adapters::sqlx::long_statement::long_statement;
use crate::adapters::sqlx::run::{Pool, on_pool};
use crate::adapters::sqlx::statement::Statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::ports::events::{Backlog, BacklogReader, HandlerBacklog, StatementLimit};
use crate::ports::store::StoreError;

/// Reads only the indexes of unrelayed events. The oldest event is the first one in the order of the outbox.
const OUTBOX: &str = "SELECT (SELECT count(*) FROM outbox WHERE relayed_at IS NULL) AS unrelayed, \
     (SELECT count(*) FROM outbox WHERE relayed_at IS NULL AND last_error IS NOT NULL) AS failing, \
     (SELECT occurred_at FROM outbox WHERE relayed_at IS NULL ORDER BY seq LIMIT 1) AS oldest";

/// Has one part per index of unfinished entries, so that finished entries are not read.
const HANDLERS: &str = "SELECT handler, pending, failing, dead, \
     (SELECT occurred_at FROM outbox WHERE outbox.seq = first) AS oldest FROM ( \
     SELECT handler, CAST(sum(pending) AS bigint) AS pending, CAST(sum(failing) AS bigint) AS failing, \
     CAST(sum(dead) AS bigint) AS dead, min(first) AS first FROM ( \
     SELECT handler, count(*) AS pending, 0 AS failing, 0 AS dead, min(seq) AS first FROM inbox \
     WHERE state = 'pending' GROUP BY handler UNION ALL \
     SELECT handler, 0, count(*), 0, NULL FROM inbox \
     WHERE state = 'pending' AND last_error IS NOT NULL GROUP BY handler UNION ALL \
     SELECT handler, 0, 0, count(*), NULL FROM inbox WHERE state = 'dead' GROUP BY handler) AS parts \
     GROUP BY handler) AS waiting ORDER BY handler";

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
    oldest: Option<SqlTimestamp>,
}

/// Runs one statement outside a transaction, with the time limit that `$limit` names.
macro_rules! limited {
    ($limit:ident, $store:ident, |$db:ident| $statement:expr) => {
        match $limit {
            StatementLimit::Request => on_pool!(&$store.worker, |$db| $statement),
            StatementLimit::Job => long_statement!($store.worker, |$db| $statement),
        }
    };
}

#[async_trait]
impl BacklogReader for SqlxStore {
    async fn backlog(&self, limit: StatementLimit) -> Result<Backlog, StoreError> {
        let (unrelayed, failing, oldest): (i64, i64, Option<SqlTimestamp>) =
            limited!(limit, self, |db| sqlx::query_as(OUTBOX).fetch_one(db))?;
        let rows: Vec<Row> = limited!(limit, self, |db| sqlx::query_as(HANDLERS).fetch_all(db))?;
        let handlers = rows.into_iter().map(|row| {
            let Row { handler, pending, failing, dead, oldest } = row;
            HandlerBacklog { handler, pending, failing, dead, oldest: oldest.map(|moment| moment.0) }
        });
        let (oldest, handlers) = (oldest.map(|moment| moment.0), handlers.collect());
        let size = SIZE.on_pool(&self.worker);
        let database_bytes = limited!(limit, self, |db| sqlx::query_scalar(size).fetch_one(db))?;
        Ok(Backlog { unrelayed, failing, oldest, handlers, database_bytes })
    }
}
