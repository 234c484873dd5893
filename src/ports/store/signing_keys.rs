use async_trait::async_trait;

use super::error::StoreError;
use crate::domain::{KeyId, SigningKey};

/// Signing keys, read without a transaction.
#[async_trait]
pub trait SigningKeyReader: Send + Sync {
    /// All keys, oldest first.
    async fn all(&self) -> Result<Vec<SigningKey>, StoreError>;
}

/// Signing keys, inside a unit of work.
#[async_trait]
pub trait SigningKeys: Send {
    /// Locks all keys until the end of the unit of work, and returns them, oldest first. Units of work that
    /// change keys wait for each other. One that waited sees the changes of the other, but not the keys that
    /// the other inserted: [`Constraint::SigningKeyStage`](super::error::Constraint) refuses what would
    /// conflict.
    async fn lock_all(&mut self) -> Result<Vec<SigningKey>, StoreError>;

    /// Inserts a key. Fails with a conflict on [`Constraint::SigningKeyStage`](super::error::Constraint) if
    /// another key of its algorithm is active, or going to be, as this one.
    async fn insert(&mut self, key: &SigningKey) -> Result<(), StoreError>;

    /// Stores the stage of a key, with its times. Fails as [`insert`](Self::insert) does.
    async fn set_stage(&mut self, key: &SigningKey) -> Result<(), StoreError>;

    /// Deletes a key.
    async fn delete(&mut self, id: &KeyId) -> Result<(), StoreError>;

    /// Replaces the sealed private part of a key if it is still `before`. Returns false if another process
    /// replaced it first.
    async fn replace_sealed(&mut self, id: &KeyId, before: &[u8], after: &[u8]) -> Result<bool, StoreError>;
}
