use std::sync::Arc;

use crate::domain::{Actor, Event, EventKind, Revocation, RevocationReason, SessionId, Timestamp, UserId};
use crate::ports::{Clock, Ids, Store, UnitOfWork};
use crate::usecases::failure::{Failure, fails};

/// How many sessions one unit of work revokes at most, each with its event.
pub(in crate::usecases) const BATCH: u32 = 256;

/// Ends every session of a user.
pub struct RevokeAllSessions {
    /// Keeps the sessions.
    pub store: Arc<dyn Store>,
    /// Tells when.
    pub clock: Arc<dyn Clock>,
    /// Names the events.
    pub ids: Arc<dyn Ids>,
}

/// Why no session was ended.
#[derive(Debug, thiserror::Error)]
pub enum RevokeAllSessionsError {
    /// There is no such user.
    #[error("there is no such user")]
    NotFound,
    /// The service could not.
    #[error(transparent)]
    Failed(Failure),
}
fails!(RevokeAllSessionsError);

impl RevokeAllSessions {
    /// Ends them all, and `asking`, the one that asks, together with the last of the others: until then the request can be
    /// repeated. The user is locked meanwhile, so a log-in at the same moment either is ended too or begins after.
    pub async fn run(
        &self,
        user: UserId,
        asking: Option<SessionId>,
        actor: Actor,
        reason: RevocationReason,
    ) -> Result<(), RevokeAllSessionsError> {
        let ending = Ended { user, except: asking, actor, reason, now: self.clock.now() };
        let mut work = loop {
            let mut work = self.store.begin().await?;
            work.users().lock(user).await?.ok_or(RevokeAllSessionsError::NotFound)?;
            if let Some(work) = revoke_sessions(work, &*self.ids, &ending).await? {
                break work;
            }
        };
        if asking.is_some() {
            revoke_batch(&mut *work, &*self.ids, &Ended { except: None, ..ending }).await?;
        }
        work.commit().await?;
        Ok(())
    }
}

/// Which sessions end, and why.
pub(in crate::usecases) struct Ended {
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

/// Revokes the sessions of a user whom `work` has locked, and returns `work`, so that a change that is added to it commits
/// only together with the end of the last session.
///
/// Returns `None` when the user has more sessions than [`BATCH`]: then one batch of them is revoked and committed, and the
/// caller begins again, with a new unit of work and every check, so that nothing is revoked for a change that is refused. When
/// a later unit of work fails, sessions have ended and the change is not made: that is the safe order, and a second attempt
/// continues there. It terminates, since nobody opens sessions as fast as they are revoked.
pub(in crate::usecases) async fn revoke_sessions(
    mut work: Box<dyn UnitOfWork>,
    ids: &dyn Ids,
    ending: &Ended,
) -> Result<Option<Box<dyn UnitOfWork>>, Failure> {
    match revoke_batch(&mut *work, ids, ending).await? {
        Remaining::None => Ok(Some(work)),
        Remaining::Some => {
            work.commit().await?;
            Ok(None)
        }
    }
}

/// Whether a user has live sessions left after a batch of them was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::usecases) enum Remaining {
    /// No.
    None,
    /// Perhaps: the batch was full.
    Some,
}

/// Revokes at most [`BATCH`] sessions of a locked user, with their events.
pub(in crate::usecases) async fn revoke_batch(
    work: &mut dyn UnitOfWork,
    ids: &dyn Ids,
    ending: &Ended,
) -> Result<Remaining, Failure> {
    let Ended { user, except, reason, now, .. } = *ending;
    let revoked = work.sessions().revoke_live_of(user, except, Revocation { at: now, reason }, BATCH).await?;
    append_revoked(work, ids, ending, &revoked).await
}

/// Appends the events of a batch of sessions that were revoked.
pub(in crate::usecases) async fn append_revoked(
    work: &mut dyn UnitOfWork,
    ids: &dyn Ids,
    ending: &Ended,
    revoked: &[SessionId],
) -> Result<Remaining, Failure> {
    let Ended { user, actor, reason, now, .. } = *ending;
    for session in revoked {
        let kind = EventKind::SessionRevoked(*session, reason);
        work.outbox().append(&Event::new(ids.uuid(), user, actor, now, kind)).await?;
    }
    let is_full = u32::try_from(revoked.len()).is_ok_and(|count| count >= BATCH);
    Ok(if is_full { Remaining::Some } else { Remaining::None })
}
