use std::sync::Arc;

use crate::domain::{
    Actor, Event, EventKind, Revocation, RevocationReason, Session, SessionId, Timestamp, UserId,
};
use crate::ports::{Clock, Ids, Store};
use crate::usecases::failure::{Failure, fails};

/// Ends one of a user's own sessions.
pub struct RevokeSession {
    /// Keeps the session.
    pub store: Arc<dyn Store>,
    /// Tells when.
    pub clock: Arc<dyn Clock>,
    /// Names the event.
    pub ids: Arc<dyn Ids>,
}

/// Why no session was ended.
#[derive(Debug, thiserror::Error)]
pub enum RevokeSessionError {
    /// The user has no such session.
    #[error("there is no such session")]
    NotFound,
    /// The service could not.
    #[error(transparent)]
    Failed(Failure),
}
fails!(RevokeSessionError);

impl RevokeSession {
    /// Ends the session; done already is done.
    pub async fn run(&self, owner: UserId, id: SessionId) -> Result<(), RevokeSessionError> {
        let session = self.store.sessions().find(id).await?;
        let session =
            session.filter(|session| session.user_id == owner).ok_or(RevokeSessionError::NotFound)?;
        let (actor, reason) = (Actor::User(owner), RevocationReason::LoggedOut);
        revoke_session(&*self.store, &*self.ids, &session, actor, reason, self.clock.now()).await?;
        Ok(())
    }
}

/// Ends a session and tells of it, unless it was ended before.
pub(in crate::usecases) async fn revoke_session(
    store: &dyn Store,
    ids: &dyn Ids,
    session: &Session,
    actor: Actor,
    reason: RevocationReason,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut work = store.begin().await?;
    // Those who change a user wait for each other, so that their events stand in the order of the changes.
    work.users().lock(session.user_id).await?;
    if work.sessions().revoke(session.id, Revocation { at: now, reason }).await? {
        let kind = EventKind::SessionRevoked(session.id, reason);
        work.outbox().append(&Event::new(ids.uuid(), session.user_id, actor, now, kind)).await?;
    }
    Ok(work.commit().await?)
}
