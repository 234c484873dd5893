//! Endpoints for registration, log-in, refresh, log-out and sessions.
//!
//! **Here**: one file per endpoint.
//!
//! **May use**: `usecases`, `domain` and the rest of `api`.
//!
//! **To add one**: a file with its body, its `#[OpenApi]` and the problems of the use case's error
//! (`refuse!`); its name in the list of [`routes`] below; a test in `tests/it/api/auth/`.

mod accept_invitation;
mod disown_account;
mod forgot_password;
mod list_sessions;
mod log_in;
mod log_out;
mod log_out_all;
mod refresh;
mod register;
mod resend_verification;
mod reset_password;
mod revoke_session;
mod verify_email;

use poem_openapi::OpenApi;

/// The endpoints of this folder.
pub fn routes() -> impl OpenApi {
    (
        register::Register,
        log_in::LogIn,
        refresh::Refresh,
        log_out::LogOut,
        log_out_all::LogOutAll,
        list_sessions::ListSessions,
        revoke_session::RevokeSession,
        verify_email::VerifyEmail,
        disown_account::DisownAccount,
        resend_verification::ResendVerification,
        forgot_password::ForgotPassword,
        reset_password::ResetPassword,
        accept_invitation::AcceptInvitation,
    )
}
