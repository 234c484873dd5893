//! Changes that users make to their own account with its password.

mod change_email;
mod change_password;
mod delete;

pub use change_email::{ChangeEmail, ChangeEmailError};
pub use change_password::{ChangePassword, ChangePasswordError};
pub use delete::{DeleteMe, DeleteMeError};
