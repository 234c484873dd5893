//! Operating on any user: list, show, update, delete.

pub(super) mod delete;
mod list;
mod show;
mod update;

pub use delete::{DeleteUser, DeleteUserError};
pub use list::{ListUsers, PageRequest};
pub use show::{ShowUser, ShowUserError};
pub use update::{Patch, Precondition, UpdateUser, UpdateUserError, UserChanges};
