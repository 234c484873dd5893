//! Bans: add, list, remove, and the check of every request.

pub(super) mod add;
pub(super) mod check_origin;
pub(super) mod find_target;
pub(super) mod list;
pub(super) mod remove;
