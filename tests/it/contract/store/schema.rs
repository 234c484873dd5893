//! Both databases have the same schema.

use super::locks::{USE_CASES, assert_locked};
use crate::support::{Backend, TestDatabase, both_backends, database, given};

/// Returns `table.column type nullable` of every column, with SQLite's name of the type.
const POSTGRES_COLUMNS: &str = "
    SELECT table_name || '.' || column_name || ' ' || CASE data_type
            WHEN 'text' THEN 'TEXT' WHEN 'timestamp with time zone' THEN 'TEXT' WHEN 'jsonb' THEN 'TEXT'
            WHEN 'uuid' THEN 'BLOB' WHEN 'bytea' THEN 'BLOB'
            WHEN 'bigint' THEN 'INTEGER' WHEN 'boolean' THEN 'INTEGER' ELSE data_type END
        || CASE is_nullable WHEN 'YES' THEN ' nullable' ELSE '' END
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'
        AND table_name NOT IN (SELECT relname FROM pg_class WHERE relispartition)";
const SQLITE_COLUMNS: &str = "
    SELECT tables.name || '.' || columns.name || ' ' || columns.type
        || CASE columns.\"notnull\" WHEN 0 THEN ' nullable' ELSE '' END
    FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns
    WHERE tables.type = 'table' AND tables.name NOT IN ('_sqlx_migrations', 'sqlite_sequence')";

/// The indexes that we named.
const POSTGRES_INDEXES: &str = "
    SELECT CAST(indexname AS text) FROM pg_indexes
    WHERE schemaname = 'public' AND indexname NOT LIKE '%_key' AND indexname NOT LIKE '%_pkey'
        AND indexname NOT IN (SELECT relname FROM pg_class WHERE relispartition)";
const SQLITE_INDEXES: &str =
    "SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_autoindex%'";

/// Returns `table.column` of every unique constraint beside the primary keys, and `table.column -> table` of
/// every foreign key. A primary key is a new id, or its insert has `ON CONFLICT`.
const POSTGRES_CONSTRAINTS: &str = "
    SELECT CAST(tables.relname || '.' || (SELECT string_agg(columns.attname, ',' ORDER BY columns.attname)
        FROM pg_attribute AS columns
        WHERE columns.attrelid = tables.oid AND columns.attnum = ANY (indexes.indkey)) AS text)
    FROM pg_index AS indexes JOIN pg_class AS tables ON tables.oid = indexes.indrelid
    WHERE tables.relnamespace = CAST('public' AS regnamespace) AND indexes.indisunique
        AND NOT indexes.indisprimary AND NOT tables.relispartition
    UNION SELECT CAST(tables.relname || '.' || columns.attname || ' -> ' || parents.relname AS text)
    FROM pg_constraint AS keys JOIN pg_class AS tables ON tables.oid = keys.conrelid
    JOIN pg_class AS parents ON parents.oid = keys.confrelid
    JOIN pg_attribute AS columns ON columns.attrelid = tables.oid AND columns.attnum = ANY (keys.conkey)
    WHERE keys.contype = 'f' AND tables.relnamespace = CAST('public' AS regnamespace)";
const SQLITE_CONSTRAINTS: &str = "
    SELECT tables.name || '.' || (SELECT group_concat(columns.name, ',' ORDER BY columns.name)
        FROM pragma_index_info(indexes.name) AS columns)
    FROM sqlite_master AS tables JOIN pragma_index_list(tables.name) AS indexes
    WHERE tables.type = 'table' AND indexes.\"unique\" = 1 AND indexes.origin <> 'pk'
    UNION SELECT tables.name || '.' || keys.\"from\" || ' -> ' || keys.\"table\"
    FROM sqlite_master AS tables JOIN pragma_foreign_key_list(tables.name) AS keys
    WHERE tables.type = 'table'";

/// Why no client sees a violation of a constraint as a failure of the service.
enum Violation {
    /// The use cases in these files react to this variant of `Constraint`.
    Handled(&'static [&'static str], &'static str),
    /// Each use case that inserts a row locks its user first, in the same function. A log-in starts its
    /// session by a statement that locks the user (`session_starts`).
    Locked,
    /// It cannot happen, for this reason.
    Impossible(#[expect(dead_code, reason = "for readers of the table")] &'static str),
}

const VIOLATIONS: &[(&str, Violation)] = &[
    (
        "bans.network",
        Violation::Impossible("the list of bans is locked, and the ban of a target is replaced"),
    ),
    (
        "bans.user_id",
        Violation::Impossible("the list of bans is locked, and the ban of a target is replaced"),
    ),
    ("bans.user_id -> users", Violation::Locked),
    (
        "inbox.event_id -> outbox",
        Violation::Impossible("a statement selects the event and inserts the entry"),
    ),
    ("invitations.digest", Violation::Impossible("a MAC of the id of an event")),
    ("invitations.user_id -> users", Violation::Locked),
    ("mail_tokens.digest", Violation::Impossible("a MAC of the id of an event")),
    ("mail_tokens.user_id -> users", Violation::Locked),
    ("outbox.id", Violation::Impossible("a new UUID")),
    ("sessions.user_id -> users", Violation::Locked),
    ("signing_keys.algorithm,status", Violation::Handled(&["keys/changer"], "SigningKeyStage")),
    ("users.email_key", Violation::Handled(&["rules/new_account", "auth/verify_email"], "UserEmail")),
];

/// Columns with data about persons.
const PERSONAL: [&str; 12] = [
    "app_metadata",
    "client_address",
    "client_agent",
    "data",
    "email",
    "locale",
    "metadata",
    "name",
    "network",
    "opened_address",
    "opened_agent",
    "sent_to",
];

/// Whether the table *Data* of docs/security.md has a row for a column, which says how long it is kept and
/// who may see it: for data about persons one of the class `personal`.
fn is_classified(table: &str, column: &str) -> bool {
    let page = include_str!("../../../../docs/security.md");
    let data = page.split("\n## ").find(|section| section.starts_with("Data\n")).unwrap();
    // The name of a job is none of a person.
    let is_personal = PERSONAL.contains(&column) && (table, column) != ("jobs", "name");
    data.lines().filter(|line| line.starts_with("| ")).any(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [class, _, tables, kept, protected] = cells[..] else { panic!("five cells: {line}") };
        tables.contains(&format!("`{table}`"))
            && (class == "personal" || !is_personal)
            && !kept.is_empty()
            && !protected.is_empty()
    })
}

/// Indexes that only partitioned tables need.
const OF_PARTITIONS: [&str; 3] = ["inbox_pending_by_id", "outbox_by_seq", "outbox_unrelayed_by_id"];

/// Constraints that partitioned tables do not have: there the id is the primary key, and a partition that a
/// key points to cannot be removed.
const NOT_OF_PARTITIONS: [&str; 2] = ["inbox.event_id -> outbox", "outbox.id"];

async fn sorted(db: &TestDatabase, sql: &str) -> Vec<String> {
    let mut texts = db.texts(sql).await;
    texts.sort();
    texts
}

/// The schema at the time of writing, so that each database is checked even if the other one is missing.
const TABLES: &[&str] = &[
    "audit",
    "ban_list",
    "bans",
    "hash_census",
    "inbox",
    "invitations",
    "jobs",
    "mail_requests",
    "mail_throttle",
    "mail_tokens",
    "outbox",
    "registration_requests",
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

        let columns = columns.iter().map(|column| column.split(' ').next().unwrap().split_once('.').unwrap());
        let unclassified: Vec<_> = columns.filter(|(table, column)| !is_classified(table, column)).collect();
        assert!(unclassified.is_empty(), "docs/security.md, table of Data: a row for {unclassified:?}");
    }

    async fn each_unique_constraint_and_foreign_key_is_handled_or_cannot_be_violated(backend: Backend) {
        let db = backend.database().await;
        let found = match backend {
            Backend::Sqlite => sorted(&db, SQLITE_CONSTRAINTS).await,
            Backend::Postgres => sorted(&db, POSTGRES_CONSTRAINTS).await,
        };
        assert!(found.contains(&"users.email_key".to_owned()) && found.contains(&"sessions.user_id -> users".to_owned()));
        for constraint in &found {
            let known = VIOLATIONS.iter().find(|(name, _)| name == constraint);
            let (_, violation) = known.unwrap_or_else(|| {
                panic!("{constraint}: name it in `Constraint` and match that in a use case, or say why it holds")
            });
            match violation {
                Violation::Handled(files, variant) => {
                    for file in *files {
                        let path = format!("{USE_CASES}/{file}.rs");
                        let source = std::fs::read_to_string(path).unwrap();
                        assert!(source.contains(&format!("Constraint::{variant}")), "{constraint}: {file}");
                    }
                }
                Violation::Locked => assert_locked(constraint),
                Violation::Impossible(_) => {}
            }
        }
        let names = VIOLATIONS.iter().map(|(name, _)| *name);
        let mut stale: Vec<_> = names.filter(|name| !found.iter().any(|found| found == name)).collect();
        stale.sort_unstable();
        let expected: &[&str] = if backend == Backend::Postgres { &NOT_OF_PARTITIONS } else { &[] };
        assert_eq!(stale, expected, "no such constraint");
    }

    async fn an_unknown_word_cannot_be_stored(backend: Backend) {
        let db = backend.database().await;
        given::stored_user(&db.store, "ada@example.com").await;
        for wrong in ["role = 'x'", "status = 'x'", "version = 0", "email = NULL"] {
            assert!(db.execute(&format!("UPDATE users SET {wrong}")).await.is_err(), "{wrong}");
        }
    }
}

/// The foreign keys of SQLite whose column is not the first one of an index or of the primary key. PostgreSQL
/// has the same indexes.
const WITHOUT_INDEX: &str = "SELECT t.name || '.' || f.\"from\" FROM sqlite_master t \
     JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table' \
     AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) c WHERE c.pk = 1 AND c.name = f.\"from\") \
     AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c \
     WHERE c.seqno = 0 AND c.name = f.\"from\")";

#[test]
fn each_foreign_key_has_an_index() {
    // Without it a deletion of a user reads the whole table.
    database::run(Backend::Sqlite, async |sqlite| {
        assert_eq!(sqlite.database().await.texts(WITHOUT_INDEX).await, [""; 0]);
    });
}

#[test]
fn tables_columns_and_indexes_are_the_same_on_both() {
    database::run(Backend::Postgres, async |postgres| {
        let (postgres, sqlite) = (postgres.database().await, Backend::Sqlite.database().await);
        let columns = sorted(&postgres, POSTGRES_COLUMNS).await;
        assert_eq!(columns, sorted(&sqlite, SQLITE_COLUMNS).await);
        assert!(columns.contains(&"users.name TEXT nullable".to_owned()));
        let mut indexes = sorted(&postgres, POSTGRES_INDEXES).await;
        let count = indexes.len();
        indexes.retain(|index| !OF_PARTITIONS.contains(&&**index));
        assert_eq!(count - indexes.len(), OF_PARTITIONS.len());
        assert_eq!(indexes, sorted(&sqlite, SQLITE_INDEXES).await);
        assert!(indexes.contains(&"signing_keys_stage".to_owned()));
    });
}
