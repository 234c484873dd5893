use async_trait::async_trait;

use super::store::StoreError;

/// Brings the store's schema to the version this binary needs.
#[async_trait]
pub trait Migrations: Send + Sync {
    /// Every migration this binary knows, oldest first, and those that a newer one has applied.
    async fn status(&self) -> Result<Vec<Migration>, StoreError>;

    /// Applies what is pending and returns it. When several processes start at once, one does the work and
    /// the others wait for it.
    async fn up(&self) -> Result<Vec<Migration>, StoreError>;
}

/// One step of the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its number.
    pub version: i64,
    /// What it does, in a few words.
    pub description: String,
    /// Whether the store has it.
    pub applied: bool,
}
