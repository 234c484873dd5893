//! The user's own account.

mod change_email;
mod change_password;
mod delete;
mod metadata;
mod overloaded;
mod show;
mod update;
