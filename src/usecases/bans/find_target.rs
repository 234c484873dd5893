use crate::domain::{BanTarget, BanTargetRef, UserRef};
use crate::ports::Store;
use crate::usecases::failure::Failure;

/// Finds the target that an operator names. Returns `None` if there is no such user.
pub(in crate::usecases) async fn find_target(
    store: &dyn Store,
    target: &BanTargetRef,
) -> Result<Option<BanTarget>, Failure> {
    let user = match target {
        BanTargetRef::Network(network) => return Ok(Some(BanTarget::Network(*network))),
        BanTargetRef::User(UserRef::Id(id)) => store.users().find(*id).await?,
        BanTargetRef::User(UserRef::Email(email)) => {
            store.users().find_account_by_email(email).await?.map(|account| account.user)
        }
    };
    Ok(user.map(|user| BanTarget::User(user.id)))
}
