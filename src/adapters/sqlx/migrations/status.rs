use sqlx::migrate::Migrator;

use crate::ports::Migration;

/// Returns the migrations that this binary knows, and then those that only newer binaries know: while
/// replicas are replaced one by one, the older ones continue with a schema that has more than they need.
pub(super) fn status(known: &Migrator, applied: &[i64]) -> Vec<Migration> {
    let migration = |migration: &sqlx::migrate::Migration| Migration {
        version: migration.version,
        description: migration.description.to_string(),
        applied: applied.contains(&migration.version),
        is_newer: false,
    };
    let newer = applied.iter().filter(|version| !known.version_exists(**version)).map(|version| Migration {
        version: *version,
        description: "of a newer version".to_owned(),
        applied: true,
        is_newer: true,
    });
    known.iter().map(migration).chain(newer).collect()
}
