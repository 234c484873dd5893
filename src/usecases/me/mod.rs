//! Changes that users make to their own account with its password.

pub(super) mod change_email;
pub(super) mod change_password;
pub(super) mod delete;
