use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::domain::{Actor, EventKind, Revocation, RevocationReason, RevokedSession, SessionId, UserId};
use crate::ports::Store;
use crate::usecases::failure::{Failure, fails};
use crate::usecases::journal::Journal;
use crate::usecases::rules::revocation::BATCH;

/// Revokes sessions of any users, for an operator.
pub struct RevokeSeveralSessions {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) journal: Journal,
}

/// Why no session was revoked.
#[derive(Debug, thiserror::Error)]
pub enum RevokeSeveralSessionsError {
    /// There is no session with this id, or it ended so long ago that it was removed.
    #[error("no session has the ID {0}")]
    NotFound(SessionId),
    /// More sessions than one unit of work revokes.
    #[error("at most {BATCH} sessions can be revoked at once")]
    TooMany,
    /// A failure common to all use cases.
    #[error(transparent)]
    Failed(Failure),
}
fails!(RevokeSeveralSessionsError);

impl RevokeSeveralSessions {
    /// Finds the sessions, each once, and returns which of them are not revoked yet. Changes nothing.
    pub async fn plan(&self, ids: &[SessionId]) -> Result<BTreeSet<SessionId>, RevokeSeveralSessionsError> {
        let by_user = self.find(ids).await?;
        Ok(by_user.into_values().flatten().filter(|(_, revoked)| !revoked).map(|(id, _)| id).collect())
    }

    /// Revokes all sessions in one unit of work, or none. Returns those that were not revoked before.
    pub async fn run(
        &self,
        ids: &[SessionId],
        actor: Actor,
    ) -> Result<BTreeSet<SessionId>, RevokeSeveralSessionsError> {
        let by_user = self.find(ids).await?;
        let mut work = self.store.begin().await?;
        if by_user.len() > 1 {
            // Every unit of work that locks several users locks the administrators first. So two of them
            // never wait for each other in a circle.
            work.users().lock_active_admins().await?;
        }
        let (at, reason) = (self.journal.now(), RevocationReason::EndedByAdmin);
        let mut revoked = BTreeSet::new();
        // In the order of the users' ids.
        for (user, sessions) in by_user {
            work.users().lock(user).await?;
            for (session, _) in sessions {
                if work.sessions().revoke(session, Revocation { at, reason }).await? {
                    let kind = EventKind::SessionRevoked(RevokedSession(session, reason));
                    self.journal.append(&mut *work, user, actor, at, kind).await?;
                    revoked.insert(session);
                }
            }
        }
        work.commit().await?;
        Ok(revoked)
    }

    /// The sessions by user, each with whether it is revoked.
    async fn find(
        &self,
        ids: &[SessionId],
    ) -> Result<BTreeMap<UserId, BTreeMap<SessionId, bool>>, RevokeSeveralSessionsError> {
        let ids: BTreeSet<SessionId> = ids.iter().copied().collect();
        if ids.len() > BATCH as usize {
            return Err(RevokeSeveralSessionsError::TooMany);
        }
        let mut by_user: BTreeMap<UserId, BTreeMap<SessionId, bool>> = BTreeMap::new();
        for id in ids {
            let session = self.store.sessions().find(id).await?;
            let session = session.ok_or(RevokeSeveralSessionsError::NotFound(id))?;
            by_user.entry(session.user_id).or_default().insert(id, session.revoked.is_some());
        }
        Ok(by_user)
    }
}
