//! The state of the service itself.

mod check_readiness;

pub use check_readiness::{Check, CheckReadiness, CheckState, Readiness, Verdict};
