use crate::domain::{User, UserId, UserRef};
use crate::ports::{Store, StoreError, UnitOfWork};
use crate::usecases::rules::find_user::find_user;

/// The id of the user that an operator or an administrator names, if there is one.
pub(super) async fn find_id(store: &dyn Store, user: &UserRef) -> Result<Option<UserId>, StoreError> {
    match user {
        UserRef::Id(id) => Ok(Some(*id)),
        user @ UserRef::Email(_) => Ok(find_user(store, user).await?.map(|user| user.id)),
    }
}

/// Locks a user. Returns `None` unless they are invited: there is no such user, they were not invited, or
/// they have a password by now.
pub(super) async fn lock_invited(work: &mut dyn UnitOfWork, id: UserId) -> Result<Option<User>, StoreError> {
    let Some(account) = work.users().lock(id).await?.filter(|account| !account.password_hash.is_usable())
    else {
        return Ok(None);
    };
    Ok(work.invitations().find_of(id).await?.map(|_| account.user))
}
