//! Register, log in, refresh, log out, sessions, audiences; verify and reset by mail.

mod audiences;
mod disown_account;
mod forgot_password;
mod hidden_registration;
mod list_sessions;
mod log_in;
mod log_out;
mod log_out_all;
mod many_sessions;
mod refresh;
mod register;
mod registration_mode;
mod resend_verification;
mod reset_password;
mod revoke_session;
mod session_limit;
mod verify_email;
