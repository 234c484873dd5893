use std::sync::Arc;

use async_trait::async_trait;

use super::StoreError;
use crate::domain::{SessionId, Standing, User, UserId};

/// Copies of what is read on every request, to be read instead of the store.
///
/// A read that begins after a change was acknowledged sees it, where the change was made; elsewhere within a moment, and
/// within five seconds whatever fails. What changes something reads the store instead.
#[async_trait]
pub trait Cache: Send + Sync {
    /// The user with this id.
    async fn user(&self, id: UserId) -> Result<Option<Arc<User>>, StoreError>;

    /// The session with this id, whatever its state.
    async fn session(&self, id: SessionId) -> Result<Option<Arc<Standing>>, StoreError>;

    /// Whether the copies that all replicas share are in use; `None` when there are none.
    fn shared_is_used(&self) -> Option<bool>;
}
