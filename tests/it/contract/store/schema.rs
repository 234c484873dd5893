//! Both databases have the same schema.

use crate::support::{Backend, TestDatabase, both_backends, database, given};

/// Returns `table.column type nullable` of every column, with SQLite's name of the type.
const POSTGRES_COLUMNS: &str = "
    SELECT table_name || '.' || column_name || ' ' || CASE data_type
            WHEN 'text' THEN 'TEXT' WHEN 'timestamp with time zone' THEN 'TEXT' WHEN 'jsonb' THEN 'TEXT'
            WHEN 'uuid' THEN 'BLOB' WHEN 'bytea' THEN 'BLOB'
            WHEN 'bigint' THEN 'INTEGER' WHEN 'boolean' THEN 'INTEGER' ELSE data_type END
        || CASE is_nullable WHEN 'YES' THEN ' nullable' ELSE '' END
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'";
const SQLITE_COLUMNS: &str = "
    SELECT tables.name || '.' || columns.name || ' ' || columns.type
        || CASE columns.\"notnull\" WHEN 0 THEN ' nullable' ELSE '' END
    FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns
    WHERE tables.type = 'table' AND tables.name NOT IN ('_sqlx_migrations', 'sqlite_sequence')";

/// The indexes that we named.
const POSTGRES_INDEXES: &str = "
    SELECT CAST(indexname AS text) FROM pg_indexes
    WHERE schemaname = 'public' AND indexname NOT LIKE '%_key' AND indexname NOT LIKE '%_pkey'";
const SQLITE_INDEXES: &str =
    "SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_autoindex%'";

async fn sorted(db: &TestDatabase, sql: &str) -> Vec<String> {
    let mut texts = db.texts(sql).await;
    texts.sort();
    texts
}

/// The schema at the time of writing, so that each database is checked even if the other one is missing.
const TABLES: [&str; 13] = [
    "audit",
    "ban_list",
    "bans",
    "hash_census",
    "inbox",
    "jobs",
    "mail_requests",
    "mail_throttle",
    "mail_tokens",
    "outbox",
    "sessions",
    "signing_keys",
    "users",
];

both_backends! {
    async fn the_schema_has_its_tables(backend: Backend) {
        let db = backend.database().await;
        let columns = match backend {
            Backend::Sqlite => sorted(&db, SQLITE_COLUMNS).await,
            Backend::Postgres => sorted(&db, POSTGRES_COLUMNS).await,
        };
        let mut tables: Vec<_> = columns.iter().filter_map(|column| column.split('.').next()).collect();
        tables.dedup();
        assert_eq!(tables, TABLES);
    }

    async fn an_unknown_word_cannot_be_stored(backend: Backend) {
        let db = backend.database().await;
        given::stored_user(&db.store, "ada@example.com").await;
        for wrong in ["role = 'x'", "status = 'x'", "version = 0", "email = NULL"] {
            assert!(db.execute(&format!("UPDATE users SET {wrong}")).await.is_err(), "{wrong}");
        }
    }
}

#[test]
fn tables_columns_and_indexes_are_the_same_on_both() {
    database::run(Backend::Postgres, async |postgres| {
        let (postgres, sqlite) = (postgres.database().await, Backend::Sqlite.database().await);
        let columns = sorted(&postgres, POSTGRES_COLUMNS).await;
        assert_eq!(columns, sorted(&sqlite, SQLITE_COLUMNS).await);
        assert!(columns.contains(&"users.name TEXT nullable".to_owned()));
        let indexes = sorted(&postgres, POSTGRES_INDEXES).await;
        assert_eq!(indexes, sorted(&sqlite, SQLITE_INDEXES).await);
        assert!(indexes.contains(&"signing_keys_active".to_owned()));
    });
}
