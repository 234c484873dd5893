use crate::domain::{Ban, BanTarget, Timestamp, UserId};
use crate::ports::{Store, StoreError};

/// Finds the ban of a user that has not ended at `now`, for an operator. Requests ask the list in memory.
pub(in crate::usecases) async fn find_ban(
    store: &dyn Store,
    user: UserId,
    now: Timestamp,
) -> Result<Option<Ban>, StoreError> {
    // Their number is bounded.
    let bans = store.bans().live(now).await?;
    Ok(bans.into_iter().find(|ban| ban.target == BanTarget::User(user)))
}
