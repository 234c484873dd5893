use std::fmt;

use super::schema::variable_of;

/// Everything that is wrong with the configuration, found in one go. Shown, it is ready for a terminal, and
/// holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigErrors {
    /// Why the service does not start.
    pub errors: Vec<ConfigError>,
    /// What production warns of besides.
    pub warnings: Vec<String>,
}

impl From<ConfigError> for ConfigErrors {
    fn from(error: ConfigError) -> Self {
        Self { errors: vec![error], warnings: Vec::new() }
    }
}

/// One thing that is wrong with the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigError {
    /// A key has a value that will not do.
    Key {
        /// Which, such as `database.url`.
        key: String,
        /// What is wrong with the value; never the value of a secret.
        reason: String,
        /// Where it was set.
        origin: String,
    },
    /// A place holds what is no setting, or cannot be read.
    Place {
        /// Which, such as `svc.toml`.
        origin: String,
        /// What is wrong there.
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

/// Where a key was set, and the three ways to set it.
fn how_to_set(key: &str, origin: &str) -> String {
    let in_file = match key.rsplit_once('.') {
        Some((section, name)) => format!("`{name}` under [{section}] in svc.toml"),
        None => format!("`{key}` at the top of svc.toml"),
    };
    let variable = variable_of(key);
    format!(
        "  set by: {origin}\n  change: {in_file}\n      or: {variable} in the environment or in .env\n      \
         or: {variable}_FILE, the path of a file that holds it"
    )
}
