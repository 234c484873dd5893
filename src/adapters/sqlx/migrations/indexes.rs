//! The indexes that migrations create on PostgreSQL. They are built concurrently, before the migration is
//! applied.

use sqlx::{AssertSqlSafe, PgConnection};

/// An index that a migration creates unless it exists.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::adapters::sqlx) struct Index {
    is_unique: bool,
    name: String,
    table: String,
    /// The text after `IF NOT EXISTS`.
    definition: String,
}

const KINDS: [&str; 2] = ["CREATE INDEX IF NOT EXISTS ", "CREATE UNIQUE INDEX IF NOT EXISTS "];

/// Returns the indexes that can be built ahead of a migration.
pub(in crate::adapters::sqlx) fn indexes(sql: &str) -> Vec<Index> {
    statements(sql).iter().filter_map(|statement| Index::parse(statement)).collect()
}

/// Returns the statements of a migration, without comments and with one space between words.
fn statements(sql: &str) -> Vec<String> {
    let lines = sql.lines().map(|line| line.split_once("--").map_or(line, |(code, _)| code));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    words.join(" ").split(';').map(|statement| statement.trim().to_owned()).collect()
}

impl Index {
    /// Parses `CREATE [UNIQUE] INDEX IF NOT EXISTS name ON table (…) …`, in upper or lower case.
    fn parse(statement: &str) -> Option<Self> {
        let (kind, definition) = KINDS.iter().find_map(|kind| {
            let (start, rest) = statement.split_at_checked(kind.len())?;
            start.eq_ignore_ascii_case(kind).then_some((*kind, rest))
        })?;
        let mut words = definition.split([' ', '(']).filter(|word| !word.is_empty());
        let (name, on, table) = (words.next()?, words.next()?, words.next()?);
        on.eq_ignore_ascii_case("ON").then(|| Self {
            is_unique: kind.contains("UNIQUE"),
            name: name.to_owned(),
            table: table.to_owned(),
            definition: definition.to_owned(),
        })
    }

    /// Returns the same index on a partition of its table.
    fn on(&self, partition: &str) -> Self {
        let rest = self.definition[self.name.len()..].trim_start();
        let columns = rest.find(&self.table).map_or("", |at| &rest[at + self.table.len()..]);
        let part = partition.strip_prefix(&self.table).unwrap_or(partition).trim_start_matches('_');
        let name = format!("{}_{part}", self.name);
        let definition = format!("{name} ON {partition}{columns}");
        Self { is_unique: self.is_unique, name, table: partition.to_owned(), definition }
    }
}

const PARTITIONS: &str = "SELECT CAST(CAST(inhrelid AS regclass) AS text) FROM pg_inherits \
     WHERE inhparent = to_regclass($1) ORDER BY 1";

/// Builds an index concurrently if its table exists and has rows. On an empty table the migration itself is
/// faster.
pub(in crate::adapters::sqlx) async fn build(
    connection: &mut PgConnection,
    index: &Index,
) -> Result<(), sqlx::Error> {
    let partitions: Vec<String> =
        sqlx::query_scalar(PARTITIONS).bind(&index.table).fetch_all(&mut *connection).await?;
    if partitions.is_empty() {
        return build_on_table(connection, index).await;
    }
    // The migration creates the index on the partitioned table, from those of its partitions.
    let is_valid = is_valid(connection, &index.name).await?;
    if is_valid == Some(false) {
        let drop = format!("SET lock_timeout = 300; DROP INDEX {}; SET lock_timeout = 0", index.name);
        sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut *connection).await?;
    }
    if is_valid != Some(true) {
        for partition in &partitions {
            build_on_table(connection, &index.on(partition)).await?;
        }
    }
    Ok(())
}

/// Returns whether an index can be used, if there is one of this name.
async fn is_valid(connection: &mut PgConnection, name: &str) -> Result<Option<bool>, sqlx::Error> {
    sqlx::query_scalar("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)")
        .bind(name)
        .fetch_optional(&mut *connection)
        .await
}

async fn build_on_table(connection: &mut PgConnection, index: &Index) -> Result<(), sqlx::Error> {
    let Index { is_unique, name, table, definition } = index;
    // An interrupted build leaves an invalid index, which is kept up to date but never used.
    match is_valid(connection, name).await? {
        Some(true) => return Ok(()),
        Some(false) => {
            let drop = format!("DROP INDEX CONCURRENTLY {name}");
            sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut *connection).await?;
        }
        None => {}
    }
    let exists: bool = sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL")
        .bind(table)
        .fetch_one(&mut *connection)
        .await?;
    let any = format!("SELECT EXISTS (SELECT 1 FROM {table})");
    if !exists || !sqlx::query_scalar(AssertSqlSafe(any)).fetch_one(&mut *connection).await? {
        return Ok(());
    }
    tracing::info!(index = name, table, "building index without blocking writes");
    let unique = if *is_unique { "UNIQUE " } else { "" };
    let create = format!("CREATE {unique}INDEX CONCURRENTLY IF NOT EXISTS {definition}");
    match sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut *connection).await {
        // The column is added by the same migration, so the index can only be built with it.
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42703") => {
            tracing::warn!(index = name, table, "building index on a new column, writes are blocked");
            Ok(())
        }
        result => result.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn indexes_are_found_among_comments_and_other_statements() {
        let sql = "-- CREATE INDEX IF NOT EXISTS no ON users (id);\nALTER TABLE users ADD COLUMN x text;\n\
            CREATE INDEX IF NOT EXISTS users_by_name -- of a person\n ON users (name)\n    WHERE name IS NOT NULL;\n\
            CREATE INDEX plain ON users (id);\n create unique  index if\nnot exists other on users(id)";
        let index = |is_unique, name: &str, definition: &str| Index {
            is_unique,
            name: name.to_owned(),
            table: "users".to_owned(),
            definition: definition.to_owned(),
        };
        let expected = [
            index(false, "users_by_name", "users_by_name ON users (name) WHERE name IS NOT NULL"),
            index(true, "other", "other on users(id)"),
        ];
        assert_eq!(indexes(sql), expected);
    }

    #[test]
    fn an_index_is_built_on_each_partition() {
        let sql = "CREATE INDEX IF NOT EXISTS mail_by_type ON mail (type, seq) WHERE type > 'mail'";
        let on = indexes(sql)[0].on("mail_20260101");
        assert_eq!((&*on.name, &*on.table), ("mail_by_type_20260101", "mail_20260101"));
        assert_eq!(on.definition, "mail_by_type_20260101 ON mail_20260101 (type, seq) WHERE type > 'mail'");
    }

    /// Returns the tables that a migration locks for changes, without those that it creates. Panics at an
    /// index that `svc migrate` would not build concurrently.
    fn locked(sql: &str) -> BTreeSet<String> {
        let (mut locked, mut created) = (BTreeSet::new(), BTreeSet::new());
        for statement in statements(sql) {
            let lower = statement.to_lowercase();
            let words: Vec<&str> = lower.split([' ', '(']).filter(|word| !word.is_empty()).collect();
            let words: Vec<&str> =
                words.into_iter().filter(|word| !["if", "not", "exists", "only"].contains(word)).collect();
            match words[..] {
                ["create", "table", table, ..] => drop(created.insert(table.to_owned())),
                ["create", "index" | "unique", ..] => {
                    let index = Index::parse(&statement);
                    let index = index.unwrap_or_else(|| panic!("not built concurrently: {statement}"));
                    locked.insert(index.table.to_lowercase());
                }
                // The statement does not name the table of a dropped index, so it counts as one more table.
                ["drop", "index", index, ..] => drop(locked.insert(format!("the table of {index}"))),
                ["alter" | "drop", "table", table, ..] => drop(locked.insert(table.to_owned())),
                _ => {}
            }
        }
        &locked - &created
    }

    #[test]
    fn each_migration_locks_one_table_at_most() {
        for migration in super::super::POSTGRES.iter().filter(|it| it.version >= 11) {
            let locked = locked(migration.sql.as_str());
            assert!(locked.len() <= 1, "{} locks {locked:?}", migration.description);
        }
        let two = "CREATE INDEX IF NOT EXISTS a ON b (c); ALTER TABLE IF EXISTS d ADD e text; CREATE TABLE f (g text); \
            CREATE INDEX IF NOT EXISTS h ON f (g); DROP INDEX i";
        assert_eq!(Vec::from_iter(locked(two)), ["b", "d", "the table of i"]);
    }

    #[test]
    #[should_panic(expected = "not built concurrently")]
    fn an_index_that_is_not_built_concurrently_is_refused() {
        locked("CREATE TABLE a (b text); CREATE UNIQUE\n INDEX c ON a (b)");
    }
}
