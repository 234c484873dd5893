//! The audit trail, for operators.
//!
//! **Here**: one file per verb.
//!
//! **May use**: what use cases may, and the query of `events`.
//!
//! **To add one**: a file, and its lines here.

mod list;

use super::use_cases::use_cases;
pub use list::ListAudit;

use_cases! {
    list: ListAudit { store, clock },
}
