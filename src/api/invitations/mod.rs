//! Endpoints for invitations, for administrators.
//!
//! **Here**: one file per endpoint. `POST /api/v1/users` creates an invitation; `auth/` has the endpoint that
//! accepts it.
//!
//! **May use**: `usecases`, `domain` and the rest of `api`.
//!
//! **To add one**: as in `auth/`.

mod list;
mod resend;
mod revoke;

use poem_openapi::OpenApi;

/// The endpoints of this folder.
pub fn routes() -> impl OpenApi {
    (list::ListInvitations, resend::ResendInvitation, revoke::RevokeInvitation)
}
