//! The audit trail, for operators.

mod list;

pub use list::ListAudit;
