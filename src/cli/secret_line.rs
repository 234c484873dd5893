use std::fs::File;
use std::io::{Read, stdin};
use std::path::Path;

use secrecy::SecretString;
use zeroize::Zeroizing;

use super::exit::{CliError, Exit};
use crate::domain::text_of;

/// The maximum number of bytes to read in search of a line feed.
const LONGEST: u64 = 64 * 1024;

/// A secret that is the first line of a text. The value is its name in errors.
pub(super) struct SecretLine(pub &'static str);

impl SecretLine {
    /// Reads it from standard input.
    pub fn of_stdin(self) -> Result<SecretString, CliError> {
        self.first(stdin().lock(), "standard input")
    }

    /// Reads it from a file.
    pub fn of_file(self, path: &Path) -> Result<SecretString, CliError> {
        let name = path.display().to_string();
        let file =
            File::open(path).map_err(|error| CliError::new(Exit::BadData, format!("{name}: {error}")))?;
        self.first(file, &name)
    }

    fn first(self, source: impl Read, name: &str) -> Result<SecretString, CliError> {
        let Self(what) = self;
        let refused = |reason: String| CliError::new(Exit::BadData, format!("{name}: {reason}"));
        let mut bytes = Zeroizing::new(Vec::new());
        source.take(LONGEST).read_to_end(&mut bytes).map_err(|error| refused(error.to_string()))?;
        let text = text_of(&bytes).map_err(|error| refused(format!("the {what} is {error}")))?;
        let line = text.lines().next().unwrap_or_default();
        if line.is_empty() {
            Err(refused(format!("the {what} is empty: its first line has no text")))
        } else {
            Ok(SecretString::from(line))
        }
    }
}
