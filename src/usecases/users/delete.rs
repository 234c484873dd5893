use std::sync::Arc;

use super::update::Precondition;
use crate::domain::{Actor, EventKind, RevocationReason, User, UserId};
use crate::ports::{Store, UnitOfWork};
use crate::usecases::failure::{Failure, fails};
use crate::usecases::journal::Journal;
use crate::usecases::sessions::revoke_all::{BATCH, Ended, revoke_sessions};

/// Deletes a user and all their sessions.
pub struct DeleteUser {
    /// Stores the user.
    pub store: Arc<dyn Store>,
    /// Records the events.
    pub journal: Journal,
}

/// Why the user was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteUserError {
    /// There is no such user.
    #[error("there is no such user")]
    NotFound,
    /// The user has another version than the precondition requires.
    #[error("the user has changed since it was read")]
    PreconditionFailed,
    /// The user is the last active administrator.
    #[error("this is the last active administrator")]
    LastAdmin,
    /// A failure common to all use cases.
    #[error(transparent)]
    Failed(Failure),
}
fails!(DeleteUserError);

impl DeleteUser {
    /// Deletes the user, revokes their sessions and appends the events.
    pub async fn run(
        &self,
        id: UserId,
        expected: &Precondition,
        actor: Actor,
    ) -> Result<(), DeleteUserError> {
        let before = self.store.users().find(id).await?.ok_or(DeleteUserError::NotFound)?;
        loop {
            let mut work = self.store.begin().await?;
            let admins = lock_admins_for(&mut *work, &before).await?;
            let user = work.users().lock(id).await?.ok_or(DeleteUserError::NotFound)?.user;
            if !expected.matches(user.version) {
                return Err(DeleteUserError::PreconditionFailed);
            }
            if is_last(&user, &admins) {
                return Err(DeleteUserError::LastAdmin);
            }
            if delete(work, &self.journal, &user, actor).await? {
                return Ok(());
            }
        }
    }
}

/// Locks the active administrators if this user is one of them. Otherwise the last-administrator rule does
/// not apply.
pub(in crate::usecases) async fn lock_admins_for(
    work: &mut dyn UnitOfWork,
    user: &User,
) -> Result<Vec<UserId>, Failure> {
    if user.is_active_admin() { Ok(work.users().lock_active_admins().await?) } else { Ok(Vec::new()) }
}

/// Whether this is the last active administrator. `admins` may miss a user who became an administrator after
/// it was read; then the rejection is wrong, and a new attempt succeeds.
pub(in crate::usecases) fn is_last(user: &User, admins: &[UserId]) -> bool {
    user.is_active_admin() && admins.iter().all(|admin| *admin == user.id)
}

/// Revokes the sessions of a user that `work` has locked, with their events. Then deletes the user with all
/// data of their sessions, and commits.
///
/// Returns false if there are more sessions than [`BATCH`]: then one batch of them is deleted, and the caller
/// starts again. The user is deleted last.
pub(in crate::usecases) async fn delete(
    work: Box<dyn UnitOfWork>,
    journal: &Journal,
    user: &User,
    actor: Actor,
) -> Result<bool, Failure> {
    let reason = RevocationReason::UserDeleted;
    let ending = Ended { user: user.id, except: None, actor, reason };
    let Some(mut work) = revoke_sessions(work, journal, &ending).await? else { return Ok(false) };
    let is_last = work.sessions().delete_of(user.id, BATCH).await? < u64::from(BATCH);
    if is_last {
        work.users().delete(user.id).await?;
        let kind = EventKind::UserDeleted { email: user.email.clone(), version: user.version + 1 };
        journal.record(&mut *work, user.id, actor, kind).await?;
    }
    work.commit().await?;
    Ok(is_last)
}
