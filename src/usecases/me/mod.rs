//! Changes that users make to their own account with its password.

mod change_email;
mod change_password;
mod delete;

use super::use_cases::use_cases;
pub use change_email::{ChangeEmail, ChangeEmailError};
pub use change_password::{ChangePassword, ChangePasswordError};
pub use delete::{DeleteMe, DeleteMeError};

use_cases! {
    change_email: ChangeEmail { store, mail, verify_password, journal },
    change_password: ChangePassword { store, verify_password, hasher, journal },
    delete: DeleteMe { store, verify_password, journal },
}
