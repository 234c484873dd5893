use super::revocation::{BATCH, Remaining, Revoking, append_revoked};
use crate::domain::{Actor, EventKind, Revocation, RevocationReason, Session};
use crate::ports::UnitOfWork;
use crate::usecases::failure::Failure;
use crate::usecases::journal::Journal;

/// Inserts a session of a user that `work` has locked, with its event. Revokes the sessions of the user that
/// have been idle longest, so that the user has at most `most` live ones. Commits.
///
/// A user is more than one session above the limit only if the limit was lowered or introduced by an upgrade.
/// Returns false if more than [`BATCH`] have to be revoked: then one batch is revoked and committed, and the
/// caller starts again.
pub(in crate::usecases) async fn open_session(
    mut work: Box<dyn UnitOfWork>,
    journal: &Journal,
    session: &Session,
    actor: Actor,
    most: u32,
) -> Result<bool, Failure> {
    let (user, at, reason) = (session.user_id, session.created_at, RevocationReason::SessionLimit);
    let revoking = Revoking { user, except: None, actor: Actor::Service, reason, at };
    let (keep, revocation) = (most.saturating_sub(1), Revocation { at, reason });
    let revoked = work.sessions().revoke_idle_of(user, keep, revocation, BATCH).await?;
    let is_opened = append_revoked(&mut *work, journal, &revoking, &revoked).await? == Remaining::None;
    if is_opened {
        work.sessions().insert(session).await?;
        journal.append(&mut *work, user, actor, at, EventKind::SessionStarted(session.id)).await?;
    }
    work.commit().await?;
    Ok(is_opened)
}
