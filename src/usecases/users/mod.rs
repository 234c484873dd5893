//! Operating on any user: list, show, update, delete.

mod delete;
mod list;
mod show;
mod update;

pub use delete::{DeleteUser, DeleteUserError};
pub use list::{ListUsers, PageRequest};
pub use show::{ShowUser, ShowUserError};
pub use update::{UpdateUser, UpdateUserError, UserChanges};
