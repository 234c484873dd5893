//! Bans: add, list, remove, and the check of every request.

mod add;
mod check_origin;
pub(super) mod find_ban;
mod find_target;
mod list;
mod remove;

use super::use_cases::use_cases;
pub use add::{AddBan, AddBanError, AddedBan, NewBan, NewBanEnd};
pub use check_origin::CheckOrigin;
pub use list::ListBans;
pub use remove::{RemoveBan, RemoveBanError};

use_cases! {
    add: AddBan { store, bans, trusted_proxies, journal },
    check_origin: CheckOrigin { guard },
    list: ListBans { store, clock },
    remove: RemoveBan { store, bans, journal },
}
