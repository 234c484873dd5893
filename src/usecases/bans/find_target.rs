use crate::domain::{BanTarget, BanTargetRef};
use crate::ports::Store;
use crate::usecases::failure::Failure;
use crate::usecases::rules::find_user::find_user;

/// Finds the target that an operator names. Returns `None` if there is no such user.
pub(in crate::usecases) async fn find_target(
    store: &dyn Store,
    target: &BanTargetRef,
) -> Result<Option<BanTarget>, Failure> {
    match target {
        BanTargetRef::Network(network) => Ok(Some(BanTarget::Network(*network))),
        BanTargetRef::User(user) => Ok(find_user(store, user).await?.map(|user| BanTarget::User(user.id))),
    }
}
