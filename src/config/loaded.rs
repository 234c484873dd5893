use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;
use serde::Serialize;

use super::check::production::is_open_to_others;
use super::error::ConfigError;
use super::key_strength::is_random;
use super::layer::file_named_by;
use super::merged::{DEFAULT, Merged};
use super::schema::Schema;
use super::settings::{SecretKeySource, Settings};
use super::urls::DatabaseUrl;
use crate::domain::Audience;

/// The settings and their origins. Only [`Settings`] contains secrets.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The checked settings.
    pub settings: Settings,
    warnings: Vec<String>,
    explained: Vec<Explained>,
}

/// One key with its effective value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The key, such as `database.url`.
    pub key: String,
    /// The effective value. Secrets are redacted.
    pub value: String,
    /// The origin of the value.
    pub origin: String,
}

impl Loaded {
    pub(super) fn new(settings: Settings, warnings: Vec<String>, schema: &Schema, merged: &Merged) -> Self {
        let explain = |(key, _): (&str, _)| Explained {
            key: key.to_owned(),
            value: shown(key, merged, &settings),
            origin: merged.origin(key).to_owned(),
        };
        let traces = settings.traces.iter().flat_map(|traces| &traces.shown);
        let traces = traces.map(|(name, value, origin)| Explained {
            key: (*name).to_owned(),
            value: value.clone(),
            origin: origin.clone(),
        });
        let explained = schema.keys().map(explain).chain(traces).collect();
        Self { settings, warnings, explained }
    }

    /// All keys with their effective values and origins, sorted by key, and, while traces are on, the
    /// variables of OpenTelemetry that say where they go.
    #[must_use]
    pub fn explain(&self) -> &[Explained] {
        &self.explained
    }

    /// The origin of a key's value.
    #[must_use]
    pub fn origin(&self, key: &str) -> &str {
        self.explained.iter().find(|explained| explained.key == key).map_or(DEFAULT, |found| &found.origin)
    }

    /// An error in the value of a key that was found only when it was used: a database that is unreachable, a
    /// port that is taken.
    #[must_use]
    pub fn rejection(&self, key: &str, reason: impl Into<String>) -> ConfigError {
        let (origin, reason) = (self.origin(key).to_owned(), reason.into());
        ConfigError::Key { key: key.to_owned(), reason, origin }
    }

    /// Whether the configured secret key was typed by a person, so that it can be guessed. A generated one
    /// was not.
    #[must_use]
    pub fn has_typed_secret_key(&self) -> bool {
        match &self.settings.security.secret_key {
            SecretKeySource::Given(key) => !is_random(key.expose_secret()),
            SecretKeySource::File(_) => false,
        }
    }

    /// The file that holds the secret key, if a file does.
    #[must_use]
    pub fn secret_key_file(&self) -> Option<PathBuf> {
        match &self.settings.security.secret_key {
            SecretKeySource::Given(_) => {
                file_named_by(self.origin("security.secret_key")).map(Path::to_owned)
            }
            SecretKeySource::File(path) => Some(path.clone()),
        }
    }

    /// Whether other users of this machine can read or change a file.
    #[must_use]
    pub fn is_open_to_others(path: &Path) -> bool {
        is_open_to_others(path).is_some()
    }

    /// Warnings about valid but surprising settings, one sentence each.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let Settings { database, security, .. } = &self.settings;
        let mut warnings = self.warnings.clone();
        if let (DatabaseUrl::Postgres(_), SecretKeySource::File(path)) = (&database.url, &security.secret_key)
        {
            warnings.push(format!(
                "security.secret_key is not set, so the key is stored in {}: a process that uses the same database from \
                 another directory or machine generates its own key and cannot read what this one encrypts; set one \
                 key for all processes, such as one made by `openssl rand -base64 48`",
                path.display()
            ));
        }
        warnings
    }
}

/// The effective value of a key, with derived defaults filled in and secrets redacted.
fn shown(key: &str, merged: &Merged, settings: &Settings) -> String {
    match key {
        "database.url" => settings.database.url.to_string(),
        "database.direct_url" => {
            settings.database.direct_url.as_ref().map(ToString::to_string).unwrap_or_default()
        }
        "cache.url" => settings.cache.url.to_string(),
        "mail.url" => settings.mail.url.to_string(),
        "mail.from" => settings.mail.from.clone(),
        "queue.url" => settings.queue.url.to_string(),
        "security.secret_key" => match &settings.security.secret_key {
            SecretKeySource::Given(_) => "[redacted]".to_owned(),
            SecretKeySource::File(path) => format!("[generated at the first start in {}]", path.display()),
        },
        "security.previous_secret_key" if settings.security.previous_secret_key.is_some() => {
            "[redacted]".to_owned()
        }
        "server.public_url" => settings.server.public_url.clone(),
        "security.token.issuer" => settings.security.token.issuer.clone(),
        "security.token.audience" => {
            let audiences = settings.security.token.audience.all();
            audiences.map(Audience::as_str).collect::<serde_json::Value>().to_string()
        }
        "security.password.workers" => settings.security.password.workers.to_string(),
        key => match merged.read(key) {
            Some(serde_json::Value::String(text)) => text,
            Some(value) => value.to_string(),
            None => String::new(),
        },
    }
}
