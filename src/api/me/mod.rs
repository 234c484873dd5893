//! Endpoints for the user's own account.
//!
//! **Here**: one file per endpoint.
//!
//! **May use**: `usecases`, `domain` and the rest of `api`.
//!
//! **To add one**: as in `auth/`.

mod change_email;
mod change_password;
mod delete;
mod show;
mod update;

use poem_openapi::OpenApi;

/// The endpoints of this folder.
pub fn routes() -> impl OpenApi {
    (
        show::ShowMe,
        update::UpdateMe,
        delete::DeleteMe,
        change_password::ChangePassword,
        change_email::ChangeEmail,
    )
}
