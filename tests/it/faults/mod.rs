//! What a client meets while something that the service stands on fails, and afterwards.
//!
//! **Here**: every call of the store that can fail (`store`), connections to PostgreSQL that break at every
//! moment of a request (`connections`), and PostgreSQL out of reach (`outage`).
//!
//! **To add one**: a file named after what fails. It fails at a chosen call, never at a chosen time.

mod connections;
mod outage;
mod store;
