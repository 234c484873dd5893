//! Register, log in, refresh, log out, sessions; verify and reset by mail.

mod disown_account;
mod end_session;
mod forgot_password;
mod list_sessions;
mod log_in;
mod log_out;
mod log_out_everywhere;
mod many_sessions;
mod refresh;
mod register;
mod resend_verification;
mod reset_password;
mod session_limit;
mod verify_email;
