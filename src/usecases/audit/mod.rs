//! The audit trail, for operators.
//!
//! **Here**: one file per verb.
//!
//! **May use**: what use cases may, and the query of `events`.
//!
//! **To add one**: a file, its `mod` and `pub use` here, and its line in `usecases/mod.rs`.

mod list;

pub use list::ListAudit;
