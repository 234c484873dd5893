use crate::domain::{Actor, Event, Revocation, RevocationReason, Session};
use crate::ports::{Ids, UnitOfWork};
use crate::usecases::failure::Failure;
use crate::usecases::sessions::revoke_all::{BATCH, Ended, Remaining, append_revoked};

/// Inserts a session of a user that `work` has locked, with its event. Revokes the sessions of the user that
/// have been idle longest, so that the user has at most `most` live ones. Commits.
///
/// A user is more than one session above the limit only if the limit was lowered or introduced by an upgrade.
/// Returns false if more than [`BATCH`] have to be revoked: then one batch is revoked and committed, and the
/// caller starts again.
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
