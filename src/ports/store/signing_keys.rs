use async_trait::async_trait;

use super::StoreError;
use crate::domain::{Algorithm, KeyId, SigningKey, Timestamp};

/// Signing keys, read without a transaction.
#[async_trait]
pub trait SigningKeyReader: Send + Sync {
    /// All keys, oldest first.
    async fn all(&self) -> Result<Vec<SigningKey>, StoreError>;
}

/// Signing keys, inside a unit of work.
#[async_trait]
pub trait SigningKeys: Send {
    /// Inserts a key. Fails with a conflict on [`Constraint::ActiveSigningKey`](super::Constraint) if it is
    /// active and another key is as well.
    async fn insert(&mut self, key: &SigningKey) -> Result<(), StoreError>;

    /// Replaces the sealed private part of a key if it is still `before`. Returns false if another process
    /// replaced it first.
    async fn replace_sealed(&mut self, id: &KeyId, before: &[u8], after: &[u8]) -> Result<bool, StoreError>;

    /// Retires the active key, if it is one of another algorithm. One of this algorithm stays: another
    /// process has made it.
    async fn retire_others(&mut self, algorithm: Algorithm, now: Timestamp) -> Result<(), StoreError>;
}
