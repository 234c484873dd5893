use std::sync::Arc;

use super::browse::ListedSession;
use crate::domain::SessionId;
use crate::ports::{Clock, Store};
use crate::usecases::failure::errors;

/// Finds one session in any state, for an operator.
pub struct ShowSession {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
}

errors! {
    /// Why the session was not found.
    pub enum ShowSessionError {
        // Or it ended so long ago that it was removed.
        NotFound = "there is no such session",
    }
}

impl ShowSession {
    /// Finds the session with its user.
    pub async fn run(&self, id: SessionId) -> Result<ListedSession, ShowSessionError> {
        let found = self.store.sessions().find_with_user(id).await?;
        let (session, user) = found.ok_or(ShowSessionError::NotFound)?;
        let state = session.state(self.clock.now());
        Ok(ListedSession { session, user, state })
    }
}
