//! Operating on any user: list, show, update, delete.

pub(super) mod delete;
pub(super) mod list;
pub(super) mod show;
pub(super) mod update;
