use crate::domain::{Actor, Event, Revocation, RevocationReason, Session};
use crate::ports::{Ids, UnitOfWork};
use crate::usecases::failure::Failure;
use crate::usecases::sessions::revoke_all::{BATCH, Ended, Remaining, append_revoked};

/// Adds a session of a user whom `work` has locked, and its event, and revokes the sessions of the user that have been idle
/// longest, so that the user has at most `most` live ones. Commits.
///
/// A user has more than one session too many only where the limit was lowered or came with an upgrade. Returns false when
/// they are more than [`BATCH`]: then one batch of them is revoked and committed, and the caller begins again.
pub(in crate::usecases) async fn open_session(
    mut work: Box<dyn UnitOfWork>,
    ids: &dyn Ids,
    session: &Session,
    started: &Event,
    most: u32,
) -> Result<bool, Failure> {
    let (user, at, reason) = (session.user_id, session.created_at, RevocationReason::SessionLimit);
    let ending = Ended { user, except: None, actor: Actor::Service, reason, now: at };
    let (keep, revocation) = (most.saturating_sub(1), Revocation { at, reason });
    let revoked = work.sessions().revoke_idle_of(user, keep, revocation, BATCH).await?;
    let is_opened = append_revoked(&mut *work, ids, &ending, &revoked).await? == Remaining::None;
    if is_opened {
        work.sessions().insert(session).await?;
        work.outbox().append(started).await?;
    }
    work.commit().await?;
    Ok(is_opened)
}
