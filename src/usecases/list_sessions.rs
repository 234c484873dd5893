use std::sync::Arc;

use super::failure::Failure;
use crate::domain::{Session, UserId};
use crate::ports::{Clock, Store};

/// Shows where a user is logged in.
pub struct ListSessions {
    /// Keeps the sessions.
    pub store: Arc<dyn Store>,
    /// Tells which ones live.
    pub clock: Arc<dyn Clock>,
}

impl ListSessions {
    /// The live sessions, newest first; none when there is no such user.
    pub async fn run(&self, user: UserId) -> Result<Vec<Session>, Failure> {
        Ok(self.store.sessions().live_of(user, self.clock.now()).await?)
    }
}
