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

/// Defines the exit codes, and what `svc help exit-codes` says about each.
macro_rules! exit_codes {
    ($($(#[$meta:meta])* $name:ident = $code:literal, $means:literal;)+) => {
        /// The exit codes, from BSD's `sysexits.h` if it defines one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Exit {
            $($(#[$meta])* $name = $code,)+
        }

        impl Exit {
            /// Each code with its meaning, in order.
            pub(super) const MEANINGS: &[(u8, &str)] = &[$(($code, $means)),+];
        }
    };
}

exit_codes! {
    /// Any other failure.
    Failed = 1, "failure: stderr says which";
    /// The command line is invalid. clap uses the same code.
    Usage = 2, "wrong usage, or a confirmation is missing: see --help";
    /// The input is refused: a weak password, an invalid email address or hash.
    BadData = 65, "invalid data: a weak password, an invalid email address or hash";
    /// There is no such user, session, event, ban or signing key.
    NoUser = 67, "no such user, session, event, ban or signing key";
    /// A dependency is unreachable.
    Unavailable = 69, "a dependency is unreachable: the same command may succeed later";
    /// The object already exists.
    Exists = 73, "already exists";
    /// A disk is full or fails: that of the database, or of the file that the output goes to. Or the process
    /// or the database server may open no more files.
    Io = 74, "input/output error: a disk is full or fails, or too many files are open";
    /// The log-in or the rights of the service do not suffice.
    NotPermitted = 77, "access denied: a server rejects the log-in, or a right is missing";
    /// The configuration is invalid, or not that of the database.
    Config = 78, "wrong configuration, a missing `svc migrate`, or another secret key";
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
