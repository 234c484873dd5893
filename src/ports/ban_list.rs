use std::net::IpAddr;
use std::time::Duration;

use crate::domain::{BanEnd, Timestamp, UserId};

/// The bans that have not ended, in the memory of this process, for look-ups on every request.
///
/// A change of the bans is known to every process within a second while the database answers; while it does not, the list
/// stays as it was. A ban ends on time without any news.
pub trait BanList: Send + Sync {
    /// The latest end among the bans of an address at `now`; `None` if it is not banned.
    fn of_address(&self, address: IpAddr, now: Timestamp) -> Result<Option<BanEnd>, NotLoaded>;

    /// The end of the ban of a user's account at `now`; `None` if it is not banned.
    fn of_user(&self, user: UserId, now: Timestamp) -> Result<Option<BanEnd>, NotLoaded>;

    /// Whether an account is banned at `now`. If not, an operation need not find the user to ask for a ban. True until the
    /// list was read.
    fn has_users(&self, now: Timestamp) -> bool;

    /// Whether the list was read.
    fn is_loaded(&self) -> bool;

    /// Says that this process has changed the bans.
    fn changed(&self);
}

/// The list was never read since this process began, so no request can be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bans were not read from the database yet")]
pub struct NotLoaded;

/// A request is refused since its origin or its account is banned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is banned")]
pub struct Banned {
    /// How long the ban holds; `None` while no end is set.
    pub retry_after: Option<Duration>,
}

impl Banned {
    /// By a ban with this end.
    #[must_use]
    pub fn until(end: BanEnd, now: Timestamp) -> Self {
        Self { retry_after: end.at().map(|at| at.since(now)) }
    }
}
