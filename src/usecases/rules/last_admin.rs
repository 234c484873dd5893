use crate::domain::{User, UserId};
use crate::ports::{StoreError, UnitOfWork};

/// Locks the active administrators, if a change may end one. Call it before any user is locked.
pub(in crate::usecases) async fn lock_admins(
    work: &mut dyn UnitOfWork,
    may_end_an_admin: bool,
) -> Result<Vec<UserId>, StoreError> {
    if may_end_an_admin { work.users().lock_active_admins().await } else { Ok(Vec::new()) }
}

/// Whether this is the last active administrator. `admins` may miss a user who became an administrator after
/// it was read; then the rejection is wrong, and a new attempt succeeds.
pub(in crate::usecases) fn is_last_admin(user: &User, admins: &[UserId]) -> bool {
    user.is_active_admin() && admins.iter().all(|admin| *admin == user.id)
}
