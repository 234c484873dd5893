//! The state of the service itself.

mod check_readiness;
mod doctor;

pub use check_readiness::{Check, CheckReadiness, CheckState, Readiness, Verdict};
pub use doctor::{
    Advice, Doctor, DoctorCheck, DoctorPorts, DoctorSettings, Finding, FindingState, HashSettings,
};
