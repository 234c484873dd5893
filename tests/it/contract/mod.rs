//! What a port promises, shown of each adapter that implements it, from one body of test.
//!
//! **To add one**: a folder or file named after the port, and a test for every method in it.

mod mailer;
mod rate_limiter;
mod store;
