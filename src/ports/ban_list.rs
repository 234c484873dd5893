use std::net::IpAddr;
use std::time::Duration;

use crate::domain::{BanEnd, Timestamp, UserId};

/// The bans that have not ended, in the memory of this process, for a look-up on every request.
///
/// Every process knows a change within a second while the database answers. While the database does not
/// answer, the list stays unchanged. A ban ends on time even then.
pub trait BanList: Send + Sync {
    /// The latest end among the bans of an address at `now`. `None` if it is not banned.
    fn of_address(&self, address: IpAddr, now: Timestamp) -> Result<Option<BanEnd>, NotLoaded>;

    /// The end of the ban of a user at `now`. `None` if the user is not banned.
    fn of_user(&self, user: UserId, now: Timestamp) -> Result<Option<BanEnd>, NotLoaded>;

    /// Whether any user may be banned at `now`. If not, an operation need not look up the user for that. True
    /// until the list has been loaded.
    fn has_users(&self, now: Timestamp) -> bool;

    /// Whether the list has been loaded.
    fn is_loaded(&self) -> bool;

    /// Reports that this process has changed the bans.
    fn changed(&self);
}

/// The list has not been loaded since this process started, so no request can be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bans have not been loaded from the database yet")]
pub struct NotLoaded;

/// The request is refused because its origin or its user is banned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the client or the account is banned")]
pub struct Banned {
    /// How long the ban lasts; `None` if it has no end.
    pub retry_after: Option<Duration>,
}

impl Banned {
    /// A rejection by a ban with this end.
    #[must_use]
    pub fn until(end: BanEnd, now: Timestamp) -> Self {
        Self { retry_after: end.at().map(|at| at.since(now)) }
    }
}
