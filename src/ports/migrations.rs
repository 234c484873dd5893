use async_trait::async_trait;

use super::store::StoreError;

/// Migrates the schema of the store to the version that this binary needs.
#[async_trait]
pub trait Migrations: Send + Sync {
    /// All migrations that this binary knows, oldest first, and those that a newer binary has applied.
    async fn status(&self) -> Result<Vec<Migration>, StoreError>;

    /// Applies the pending migrations and returns them. If several processes start at once, one of them
    /// applies the migrations and the others wait.
    async fn up(&self) -> Result<Vec<Migration>, StoreError>;
}

/// One migration of the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its version number.
    pub version: i64,
    /// A short description.
    pub description: String,
    /// Whether it has been applied.
    pub applied: bool,
    /// Whether this binary does not know it: a newer one has applied it.
    pub is_newer: bool,
}

impl Migration {
    /// Returns the error for a database to which a newer binary has applied this version.
    #[must_use]
    pub fn unknown(version: i64) -> StoreError {
        StoreError::Corrupt(format!(
            "the database has migration {version}, which this binary does not know: use a release as new as the database"
        ))
    }
}
