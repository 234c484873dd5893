//! The user's own account.

mod change_email;
mod change_password;
mod delete;
mod overloaded;
mod show;
mod update;
