//! Endpoints for all users, for administrators.
//!
//! **Here**: one file per endpoint.
//!
//! **May use**: `usecases`, `domain` and the rest of `api`.
//!
//! **To add one**: as in `auth/`.

mod create;
mod delete;
mod list;
mod list_sessions;
mod revoke_sessions;
mod show;
mod update;

use poem_openapi::OpenApi;

/// The endpoints of this folder.
pub fn routes() -> impl OpenApi {
    (
        list::ListUsers,
        create::CreateUser,
        show::ShowUser,
        update::UpdateUser,
        delete::DeleteUser,
        list_sessions::ListUserSessions,
        revoke_sessions::RevokeUserSessions,
    )
}
