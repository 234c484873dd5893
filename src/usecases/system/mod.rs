//! The state of the service itself.

mod check_readiness;
mod doctor;

use super::use_cases::use_cases;
pub use check_readiness::{Check, CheckReadiness, CheckState, Readiness, Verdict};
pub use doctor::{
    Advice, Doctor, DoctorCheck, DoctorPorts, DoctorSettings, Finding, FindingState, HashSettings,
};

use_cases! {
    check_readiness: CheckReadiness { migrations, store_probe, access_tokens, cache, bans, queue },
}
