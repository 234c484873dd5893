//! The state of the service itself.

pub(super) mod check_readiness;
