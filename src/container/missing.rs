//! What a build does where the settings name something that does not exist.

use std::path::{Path, PathBuf};

/// What becomes of an embedded database, or a file with the secret key, that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// It is created.
    Created,
    /// The build fails: the process was probably started in a wrong folder or without its settings.
    Refused,
    /// A key that is forgotten, or an empty database that nothing can be written to, takes its place.
    Replaced,
}

/// Shows an operator in which folder a file was looked for.
pub(super) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Whether there is no file. One in a folder that may not be read may exist: to open it reports the right
/// that is missing.
pub(super) fn is_missing(path: &Path) -> bool {
    !path.try_exists().unwrap_or(true)
}
