use std::sync::Arc;

use super::failure::{Failure, fails};
use crate::domain::{Actor, Event, EventKind, Revocation, RevocationReason, SessionId, Timestamp, UserId};
use crate::ports::{Clock, Ids, Store, UnitOfWork};

/// Ends every session of a user.
pub struct EndAllSessions {
    /// Keeps the sessions.
    pub store: Arc<dyn Store>,
    /// Tells when.
    pub clock: Arc<dyn Clock>,
    /// Names the events.
    pub ids: Arc<dyn Ids>,
}

/// Why no session was ended.
#[derive(Debug, thiserror::Error)]
pub enum EndAllSessionsError {
    /// There is no such user.
    #[error("there is no such user")]
    NotFound,
    /// The service could not.
    #[error(transparent)]
    Failed(Failure),
}
fails!(EndAllSessionsError);

impl EndAllSessions {
    /// Ends them all, the one that asks included. The user is locked meanwhile, so a log-in at the same moment
    /// either is ended too or begins after.
    pub async fn run(
        &self,
        user: UserId,
        actor: Actor,
        reason: RevocationReason,
    ) -> Result<(), EndAllSessionsError> {
        let mut work = self.store.begin().await?;
        work.users().lock(user).await?.ok_or(EndAllSessionsError::NotFound)?;
        let ending = Ending { user, except: None, actor, reason, now: self.clock.now() };
        end_sessions(&mut *work, &*self.ids, &ending).await?;
        work.commit().await?;
        Ok(())
    }
}

/// Which sessions end, and why.
pub(super) struct Ending {
    /// Whose.
    pub user: UserId,
    /// The one that stays.
    pub except: Option<SessionId>,
    /// Who ends them.
    pub actor: Actor,
    /// Why.
    pub reason: RevocationReason,
    /// When.
    pub now: Timestamp,
}

/// Ends sessions as part of a unit of work and tells of each.
pub(super) async fn end_sessions(
    work: &mut dyn UnitOfWork,
    ids: &dyn Ids,
    ending: &Ending,
) -> Result<(), Failure> {
    let Ending { user, except, actor, reason, now } = *ending;
    for session in work.sessions().revoke_all_of(user, except, Revocation { at: now, reason }).await? {
        let kind = EventKind::SessionRevoked(session, reason);
        work.outbox().append(&Event::new(ids.uuid(), user, actor, now, kind)).await?;
    }
    Ok(())
}
