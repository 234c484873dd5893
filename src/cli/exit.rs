use std::process::ExitCode;

use crate::config::ConfigErrors;

/// Why a command ended without having done what was asked: a sentence for a person, a code for a script.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct CliError {
    /// What the process exits with.
    pub exit: Exit,
    /// What stderr says.
    pub message: String,
}

/// The exit codes, those of BSD's `sysexits.h` where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// It failed.
    Failed = 1,
    /// The command line is wrong; clap uses the same code.
    Usage = 2,
    /// The data given is refused: a weak password, a bad address.
    BadData = 65,
    /// There is no such user, session or ban.
    NoUser = 67,
    /// A dependency is out of reach.
    Unavailable = 69,
    /// It exists already.
    Exists = 73,
    /// The service is not let in.
    NotPermitted = 77,
    /// The configuration is wrong.
    Config = 78,
}

impl CliError {
    /// An error with this code and message.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<ConfigErrors> for CliError {
    fn from(errors: ConfigErrors) -> Self {
        Self::new(Exit::Config, errors.to_string())
    }
}
