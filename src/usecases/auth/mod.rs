//! Registering, logging in and out, refreshing, and the tokens that arrive by mail.

pub(super) mod authenticate;
pub(super) mod disown_account;
pub(super) mod forgot_password;
pub(super) mod issue_token;
pub(super) mod log_in;
pub(super) mod log_out;
pub(super) mod refresh;
pub(super) mod register;
pub(super) mod resend_verification;
pub(super) mod reset_password;
pub(super) mod undelivered_refreshes;
pub(super) mod verify_email;
