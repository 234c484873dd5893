use std::sync::Arc;

use crate::domain::{Actor, RevocationReason, SessionId, UserId};
use crate::ports::Store;
use crate::usecases::failure::errors;
use crate::usecases::journal::Journal;
use crate::usecases::rules::revocation::revoke_session;

/// Revokes one session of the requesting user.
pub struct RevokeSession {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) journal: Journal,
}

errors! {
    /// Why the session was not revoked.
    pub enum RevokeSessionError {
        NotFound = "there is no such session",
    }
}

impl RevokeSession {
    /// Revokes the session. Succeeds if it is already revoked.
    pub async fn run(&self, owner: UserId, id: SessionId) -> Result<(), RevokeSessionError> {
        let session = self.store.sessions().find(id).await?;
        let session =
            session.filter(|session| session.user_id == owner).ok_or(RevokeSessionError::NotFound)?;
        let (actor, reason) = (Actor::User(owner), RevocationReason::LoggedOut);
        revoke_session(&*self.store, &self.journal, &session, actor, reason).await?;
        Ok(())
    }
}
