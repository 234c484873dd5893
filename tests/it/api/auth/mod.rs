//! Register, log in, refresh, log out, sessions.

mod log_in;
mod refresh;
mod register;
