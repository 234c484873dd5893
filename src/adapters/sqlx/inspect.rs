//! Measures the database for `svc doctor`.

use std::sync::LazyLock;

use async_trait::async_trait;

use super::migrations::POSTGRES;
use super::run::{Pool, on_pool};
use super::statement::Statement;
use super::store::SqlxStore;
use super::timestamp::SqlTimestamp;
use crate::ports::StoreError;
use crate::ports::inspection::{DatabaseFacts, DatabaseInspector, ServerFacts};

const GENERAL: Statement = Statement {
    postgres: "SELECT 'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1), \
               current_setting('server_encoding'), pg_database_size(current_database())",
    sqlite: "SELECT 'SQLite ' || sqlite_version(), encoding, page_count * page_size \
             FROM pragma_encoding, pragma_page_count, pragma_page_size",
};

const DUE: &str = "SELECT min(due_at) FROM jobs";

/// The clock; the limits of the server, the database and the role, where -1 is none; the connections that are
/// not those of this role to this database; the processes that listen for notifications, each on one
/// connection. `reserved_connections` exists since PostgreSQL 16.
const SERVER: &str = "SELECT clock_timestamp(), \
    CAST(current_setting('max_connections') AS bigint) \
        - CAST(current_setting('superuser_reserved_connections') AS bigint) \
        - CAST(coalesce(nullif(current_setting('reserved_connections', true), ''), '0') AS bigint), \
    (SELECT CAST(datconnlimit AS bigint) FROM pg_database WHERE datname = current_database()), \
    (SELECT CAST(rolconnlimit AS bigint) FROM pg_roles WHERE rolname = current_user), \
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' \
        AND NOT (datname = current_database() AND usename = current_user)), \
    (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user \
        AND query LIKE 'LISTEN %')";

const RIGHTS: &str = "SELECT p || ' on ' || t \
    FROM unnest(string_to_array($1, ',')) AS t, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p \
    WHERE to_regclass(t) IS NOT NULL AND NOT has_table_privilege(to_regclass(t), p) ORDER BY t, p";

/// The names of all tables, with commas between them, from the migrations that create them.
static TABLES: LazyLock<String> = LazyLock::new(|| {
    let scripts = POSTGRES.iter().map(|migration| migration.sql.as_str());
    let lines = scripts.flat_map(str::lines);
    let names = lines.filter_map(|line| line.strip_prefix("CREATE TABLE ")?.split([' ', '(']).next());
    names.collect::<Vec<_>>().join(",")
});

#[async_trait]
impl DatabaseInspector for SqlxStore {
    async fn inspect(&self) -> Result<DatabaseFacts, StoreError> {
        let pool = &self.readers;
        let general = GENERAL.on_pool(pool);
        let (product, encoding, bytes): (String, String, i64) =
            on_pool!(pool, |db| sqlx::query_as(general).fetch_one(db))?;
        // Before the first migration there is no such table.
        let due: Result<Option<SqlTimestamp>, _> = on_pool!(pool, |db| sqlx::query_scalar(DUE).fetch_one(db));
        let server = match pool {
            Pool::Postgres(..) => Some(self.server().await?),
            Pool::Sqlite(_) => None,
        };
        Ok(DatabaseFacts {
            product,
            encoding,
            bytes: u64::try_from(bytes).unwrap_or_default(),
            oldest_due_job: due.ok().flatten().map(|due| due.0),
            server,
        })
    }
}

impl SqlxStore {
    async fn server(&self) -> Result<ServerFacts, StoreError> {
        let pool = &self.readers;
        let row: (SqlTimestamp, i64, i64, i64, i64, i64) =
            on_pool!(pool, |db| sqlx::query_as(SERVER).fetch_one(db))?;
        let missing_rights =
            on_pool!(pool, |db| sqlx::query_scalar(RIGHTS).bind(TABLES.as_str()).fetch_all(db))?;
        let (now, of_server, of_database, of_role, others, replicas) = row;
        let limits = [
            (of_server, "max_connections without the reserved ones"),
            (of_database, "connection limit of the database"),
            (of_role, "connection limit of the role"),
        ];
        let least = limits.into_iter().filter(|(limit, _)| *limit >= 0).min_by_key(|(limit, _)| *limit);
        let (limit, limited_by) = least.unwrap_or(limits[0]);
        let number = |number: i64| u32::try_from(number).unwrap_or_default();
        Ok(ServerFacts {
            now: now.0,
            missing_rights,
            partitions: self.partitioned_tables(now.0).await?,
            connection_limit: number(limit),
            limited_by: limited_by.to_owned(),
            others: if limit == of_server { number(others) } else { 0 },
            replicas: number(replicas),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_those_of_the_migrations() {
        let tables: Vec<&str> = TABLES.split(',').collect();
        for table in ["users", "sessions", "outbox", "inbox", "audit", "ban_list"] {
            assert!(tables.contains(&table), "{table} is not in {tables:?}");
        }
    }
}
