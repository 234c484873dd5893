//! Register, log in, refresh, log out, sessions.

mod register;
