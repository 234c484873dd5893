use std::process::ExitCode;

use crate::config::ConfigErrors;

/// The error of a command: a message for a person, and an exit code for a script.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct CliError {
    /// The exit code of the process.
    pub exit: Exit,
    /// The message on stderr.
    pub message: String,
}

/// The exit codes, from BSD's `sysexits.h` if it defines one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Any other failure.
    Failed = 1,
    /// The command line is invalid. clap uses the same code.
    Usage = 2,
    /// The input is refused: a weak password, an invalid email address.
    BadData = 65,
    /// There is no such user, session or ban.
    NoUser = 67,
    /// A dependency is unreachable.
    Unavailable = 69,
    /// The object already exists.
    Exists = 73,
    /// A server rejects the log-in of the service.
    NotPermitted = 77,
    /// The configuration is invalid.
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
