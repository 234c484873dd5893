use std::sync::Arc;

use async_trait::async_trait;

use super::memo::Memo;
use super::store::StoreError;
use crate::domain::{SessionId, SessionSnapshot, User, UserId};

/// Cached users and session snapshots, for reads that happen on every request.
///
/// A read that begins after a change was acknowledged sees the change on the replica that made it, on other
/// replicas within a moment, and within five seconds even if invalidation fails. An operation that changes
/// something reads the store instead.
#[async_trait]
pub trait Cache: Send + Sync {
    /// Finds a user.
    async fn user(&self, id: UserId) -> Result<Option<Arc<Memo<User>>>, StoreError>;

    /// Finds a session snapshot, in any state.
    async fn session(&self, id: SessionId) -> Result<Option<Arc<Memo<SessionSnapshot>>>, StoreError>;

    /// The state of the shared cache; `None` if there is none.
    fn shared(&self) -> Option<SharedCache>;
}

/// The state of the shared cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SharedCache {
    /// It is in use.
    Used,
    /// It is unreachable or too slow.
    Away,
    /// It accepts no writes.
    ReadOnly,
    /// It rejects the user or the password.
    LoginRefused,
    /// The user lacks this right.
    MissingRight(String),
    /// The server is not one that the service supports.
    Unsupported,
}
