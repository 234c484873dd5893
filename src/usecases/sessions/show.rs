use std::sync::Arc;

use super::browse::ListedSession;
use crate::domain::SessionId;
use crate::ports::{Clock, Store};
use crate::usecases::failure::{Failure, fails};

/// Finds one session in any state, for an operator.
pub struct ShowSession {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
}

/// Why the session was not found.
#[derive(Debug, thiserror::Error)]
pub enum ShowSessionError {
    /// There is no such session, or it ended so long ago that it was removed.
    #[error("there is no such session")]
    NotFound,
    /// A failure common to all use cases.
    #[error(transparent)]
    Failed(Failure),
}
fails!(ShowSessionError);

impl ShowSession {
    /// Finds the session with its user.
    pub async fn run(&self, id: SessionId) -> Result<ListedSession, ShowSessionError> {
        let found = self.store.sessions().find_with_user(id).await?;
        let (session, user) = found.ok_or(ShowSessionError::NotFound)?;
        let state = session.state(self.clock.now());
        Ok(ListedSession { session, user, state })
    }
}
