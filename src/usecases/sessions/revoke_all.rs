use std::sync::Arc;

use crate::domain::{Account, Actor, RevocationReason, SessionId, UserId};
use crate::ports::Store;
use crate::usecases::failure::errors;
use crate::usecases::journal::Journal;
use crate::usecases::rules::revocation::{Revoking, begin_without_sessions, revoke_batch};

/// Revokes all sessions of a user.
pub struct RevokeAllSessions {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) journal: Journal,
}

errors! {
    /// Why no session was revoked.
    pub enum RevokeAllSessionsError {
        NotFound = "there is no such user",
    }
}

impl RevokeAllSessions {
    /// Revokes all sessions. `asking`, the session that makes the request, is revoked together with the last
    /// of the others, so that the request can be repeated until then. The user is locked during each unit of
    /// work, so a concurrent log-in either is revoked too or begins afterwards.
    pub async fn run(
        &self,
        user: UserId,
        asking: Option<SessionId>,
        actor: Actor,
        reason: RevocationReason,
    ) -> Result<(), RevokeAllSessionsError> {
        let at = self.journal.now();
        let revoking = Revoking { user, except: asking, actor, reason, at };
        let check = |locked: Option<Account>| locked.ok_or(RevokeAllSessionsError::NotFound);
        let (mut work, _) = begin_without_sessions(&*self.store, &self.journal, &revoking, check).await?;
        if asking.is_some() {
            revoke_batch(&mut *work, &self.journal, &Revoking { except: None, ..revoking }).await?;
        }
        work.commit().await?;
        Ok(())
    }
}
