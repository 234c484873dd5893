use std::fmt;

use super::variable::variable_of;

/// All errors of a configuration, found in one run. The `Display` form is ready for a terminal and contains
/// no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigErrors {
    /// The errors that prevent the start.
    pub errors: Vec<ConfigError>,
    /// The warnings of production.
    pub warnings: Vec<String>,
}

impl From<ConfigError> for ConfigErrors {
    fn from(error: ConfigError) -> Self {
        Self { errors: vec![error], warnings: Vec::new() }
    }
}

/// One error of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigError {
    /// A key has an invalid value.
    Key {
        /// The key, such as `database.url`.
        key: String,
        /// The error in the value. It never contains the value of a secret.
        reason: String,
        /// The origin of the value.
        origin: String,
    },
    /// A source contains an unknown setting, or cannot be read.
    Place {
        /// The source, such as `svc.toml`.
        origin: String,
        /// The error in the source.
        reason: String,
    },
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.errors.len() {
            1 => f.write_str("the configuration has an error")?,
            count => write!(f, "the configuration has {count} errors")?,
        }
        self.errors.iter().try_for_each(|error| write!(f, "\n\n{error}"))?;
        self.warnings.iter().try_for_each(|warning| write!(f, "\n\nwarning: {warning}"))
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key { key, reason, origin } => write!(f, "{key}: {reason}\n{}", how_to_set(key, origin)),
            Self::Place { origin, reason } => write!(f, "{origin}: {reason}"),
        }
    }
}

/// The origin of a key, and the three ways to change it.
fn how_to_set(key: &str, origin: &str) -> String {
    let in_file = match key.rsplit_once('.') {
        Some((section, name)) => format!("`{name}` under [{section}] in svc.toml"),
        None => format!("`{key}` at the top of svc.toml"),
    };
    let variable = variable_of(key);
    format!(
        "  set by: {origin}\n  change: {in_file}\n      or: {variable} in the environment or in .env\n      \
         or: {variable}_FILE, the path of a file with the value"
    )
}
