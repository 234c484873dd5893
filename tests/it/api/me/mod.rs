//! One's own account.

mod change_email;
mod change_password;
mod delete;
mod show;
mod update;
