//! `svc doctor`: measures the service and its surroundings, and judges what was measured.
//!
//! **Here**: [`Doctor`], the list of checks (`checks`); a [`Finding`] with its advice; one file per thing
//! that is checked. A check asks its ports and gives the facts to a pure function, `judge`, that has unit
//! tests.
//!
//! **May use**: `domain` and `ports`.
//!
//! **To add a check**: a file with its struct, and a line in `checks.rs`.

mod backlog;
mod broker;
mod cache;
mod check;
mod checks;
mod collector;
mod connections;
mod data_folder;
mod database;
mod finding;
mod mail;
mod partitions;
mod passwords;
mod processes;
mod settings;
mod signing_keys;
mod site;

pub use check::DoctorCheck;
pub use checks::Doctor;
pub use finding::{Advice, Finding, FindingState};
pub use passwords::HashSettings;
pub use settings::{DoctorPorts, DoctorSettings};
