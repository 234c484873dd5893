use std::path::PathBuf;

use clap::Args;
use secrecy::ExposeSecret;

use super::exit::CliError;
use super::password_source::GROUP;
use super::secret_line::SecretLine;
use crate::domain::PasswordHash;

/// The source of a password hash that another service made. Never an argument: every user of the machine can
/// list those.
#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct HashSource {
    /// Read a hash of the password, made by another service, from the first line of standard input
    #[arg(long, group = GROUP)]
    password_hash_stdin: bool,
    /// Read a hash of the password, made by another service, from the first line of FILE
    #[arg(long, group = GROUP, value_name = "FILE")]
    password_hash_file: Option<PathBuf>,
}

/// A hash whose text is not checked yet, and its source for errors.
pub(super) struct GivenHash {
    pub hash: PasswordHash,
    pub source: String,
}

impl HashSource {
    /// Reads the hash if there is one.
    pub fn read(&self) -> Result<Option<GivenHash>, CliError> {
        const LINE: SecretLine = SecretLine("hash");
        let (line, source) = if self.password_hash_stdin {
            (LINE.of_stdin()?, "standard input".to_owned())
        } else if let Some(path) = &self.password_hash_file {
            (LINE.of_file(path)?, path.display().to_string())
        } else {
            return Ok(None);
        };
        let hash = PasswordHash::new(line.expose_secret().trim().to_owned());
        Ok(Some(GivenHash { hash, source }))
    }
}
