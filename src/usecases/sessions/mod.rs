//! Sessions: list them, revoke one, revoke all of a user.

pub(super) mod list;
pub(super) mod revoke;
pub(super) mod revoke_all;
