use crate::domain::{User, UserRef};
use crate::ports::{Store, StoreError};

/// Finds the user that an operator names. Returns `None` if there is no such user.
pub(in crate::usecases) async fn find_user(
    store: &dyn Store,
    user: &UserRef,
) -> Result<Option<User>, StoreError> {
    match user {
        UserRef::Id(id) => store.users().find(*id).await,
        UserRef::Email(email) => {
            let account = store.users().find_account_by_email(email).await?;
            Ok(account.map(|account| account.user))
        }
    }
}
