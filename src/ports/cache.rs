use std::sync::Arc;

use async_trait::async_trait;

use super::StoreError;
use crate::domain::{SessionId, SessionSnapshot, User, UserId};

/// Copies of what is read on every request, to be read instead of the store.
///
/// A read that begins after a change was acknowledged sees it, where the change was made; elsewhere within a moment, and
/// within five seconds whatever fails. What changes something reads the store instead.
#[async_trait]
pub trait Cache: Send + Sync {
    /// The user with this id.
    async fn user(&self, id: UserId) -> Result<Option<Arc<User>>, StoreError>;

    /// The session with this id, whatever its state.
    async fn session(&self, id: SessionId) -> Result<Option<Arc<SessionSnapshot>>, StoreError>;

    /// How the copies are that all replicas share; `None` when there are none.
    fn shared(&self) -> Option<SharedCache>;
}

/// How the copies are that all replicas share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SharedCache {
    /// They are in use.
    Used,
    /// They are out of reach, or too slow.
    Away,
    /// They cannot be changed where they are.
    ReadOnly,
    /// The user or the password is refused.
    LoginRefused,
    /// The user lacks this right.
    MissingRight(String),
    /// What keeps them is nothing that the service can use.
    Unsupported,
}
