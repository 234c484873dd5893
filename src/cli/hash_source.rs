use std::path::PathBuf;

use clap::Args;
use secrecy::ExposeSecret;

use super::exit::CliError;
use super::secret_line::SecretLine;
use crate::domain::PasswordHash;

/// The source of a password hash that another service made. Never an argument: every user of the machine can
/// list those.
#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct HashSource {
    /// Read a hash of the password, made by another service, from the first line of standard input
    #[arg(long, group = "PasswordSource")]
    password_hash_stdin: bool,
    /// Read a hash of the password, made by another service, from the first line of FILE
    #[arg(long, group = "PasswordSource", value_name = "FILE")]
    password_hash_file: Option<PathBuf>,
}

impl HashSource {
    /// Reads the hash if there is one. Its text is not checked yet.
    pub fn read(&self) -> Result<Option<PasswordHash>, CliError> {
        const LINE: SecretLine = SecretLine("hash");
        let line = if self.password_hash_stdin {
            LINE.of_stdin()?
        } else if let Some(path) = &self.password_hash_file {
            LINE.of_file(path)?
        } else {
            return Ok(None);
        };
        Ok(Some(PasswordHash::new(line.expose_secret().trim().to_owned())))
    }
}
