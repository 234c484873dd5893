use super::revocation::{BATCH, Revoking, revoke_sessions};
use crate::domain::{Actor, DeletedUser, EventKind, RevocationReason, User};
use crate::ports::UnitOfWork;
use crate::usecases::failure::Failure;
use crate::usecases::journal::Journal;

/// Revokes the sessions of a user that `work` has locked, with their events. Then deletes the user with all
/// data of their sessions, and commits.
///
/// Returns false if there are more sessions than [`BATCH`]: then one batch of them is deleted, and the caller
/// starts again. The user is deleted last.
pub(in crate::usecases) async fn delete_user(
    work: Box<dyn UnitOfWork>,
    journal: &Journal,
    user: &User,
    actor: Actor,
) -> Result<bool, Failure> {
    let at = journal.now();
    let reason = RevocationReason::UserDeleted;
    let revoking = Revoking { user: user.id, except: None, actor, reason, at };
    let Some(mut work) = revoke_sessions(work, journal, &revoking).await? else { return Ok(false) };
    let is_last = work.sessions().delete_of(user.id, BATCH).await? < u64::from(BATCH);
    if is_last {
        work.users().delete(user.id).await?;
        let kind =
            EventKind::UserDeleted(DeletedUser { email: user.email.clone(), version: user.version + 1 });
        journal.append(&mut *work, user.id, actor, at, kind).await?;
    }
    work.commit().await?;
    Ok(is_last)
}
