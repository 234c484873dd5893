//! Sessions: list them, revoke one, revoke all of a user.

mod list;
mod revoke;
mod revoke_all;

pub use list::ListSessions;
pub use revoke::{RevokeSession, RevokeSessionError};
pub use revoke_all::{RevokeAllSessions, RevokeAllSessionsError};
