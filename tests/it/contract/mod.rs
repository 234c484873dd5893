//! The contract of each port, tested on every adapter that implements it, with one test body.
//!
//! **To add one**: a folder or file named after the port, and a test for every method in it.

mod mailer;
mod rate_limiter;
mod store;
