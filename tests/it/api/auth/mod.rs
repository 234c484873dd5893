//! Register, log in, refresh, log out, sessions.

mod end_session;
mod list_sessions;
mod log_in;
mod log_out;
mod log_out_everywhere;
mod refresh;
mod register;
