//! Checks of the settings: one file per section, one line per key.
//!
//! **Here**: the valid values of each key, the rules between keys, and the additional rules of production.
//!
//! **May use**: the reader, which gathers errors, and the parsers of single values.
//!
//! **To add one**: read it in its section. Every section reads all its keys before it returns, so that one
//! run reports all errors.

mod account;
mod application_url;
mod cache;
mod database;
mod draft;
mod events;
mod limits;
mod log;
mod mail;
mod origin;
pub(super) mod production;
mod queue;
mod registration;
mod retention;
mod security;
mod server;
mod service;
mod token;

use std::path::Path;

use self::draft::Draft;
use super::error::{ConfigError, ConfigErrors};
use super::merged::Merged;
use super::read::Reader;
use super::settings::{SecuritySettings, Settings};

/// Converts values to settings, with the warnings of production. Relative paths are relative to `folder`.
/// `errors` are the errors so far; all errors are returned together.
pub(super) fn settings(
    merged: &Merged,
    errors: Vec<ConfigError>,
    folder: &Path,
) -> Result<(Settings, Vec<String>), ConfigErrors> {
    let mut reader = Reader::new(merged, errors);
    let draft = Draft::read(&mut reader);
    let warnings = production::judge(&mut reader, &draft, folder);
    match draft.finish() {
        Some(settings) if reader.errors.is_empty() => Ok((settings, warnings)),
        _ => Err(ConfigErrors { errors: reader.errors, warnings }),
    }
}

impl Draft {
    fn read(read: &mut Reader<'_>) -> Self {
        let environment = read.word("environment");
        let accept = production::accepted(read);
        let service = service::read(read);
        let server = server::read(read);
        let public_url = server.as_ref().map(|server| server.public_url.as_str());
        let database = database::read(read);
        let cache = cache::read(read);
        let mail = mail::read(read, public_url);
        let account = account::read(read);
        let queue = queue::read(read);
        let secret_key = security::secret_key(read, database.as_ref().map(|database| &database.url));
        let previous_secret_key = security::previous_secret_key(read, secret_key.as_ref());
        let sessions_per_user = read.number("security.sessions_per_user", 1..=10_000);
        let token = token::read(read, public_url);
        let same_site = security::same_site(read);
        let mail_token = security::mail_token(read);
        let password = security::password(read);
        let limits = limits::read(read);
        let registration = registration::read(read);
        let events = events::read(read);
        let retention = retention::read(read);
        let log = log::read(read);
        Self {
            environment,
            accept,
            service,
            server,
            database,
            cache,
            mail,
            account,
            queue,
            secret_key,
            previous_secret_key,
            sessions_per_user,
            token,
            same_site,
            mail_token,
            password,
            limits,
            registration,
            events,
            retention,
            log,
        }
    }

    fn finish(self) -> Option<Settings> {
        self.accept?;
        Some(Settings {
            environment: self.environment?,
            service: self.service?,
            server: self.server?,
            database: self.database?,
            cache: self.cache?,
            mail: self.mail?,
            account: self.account?,
            security: SecuritySettings {
                secret_key: self.secret_key?,
                previous_secret_key: self.previous_secret_key,
                sessions_per_user: self.sessions_per_user?,
                token: self.token?,
                same_site: self.same_site?,
                mail_token: self.mail_token?,
                password: self.password?,
            },
            queue: self.queue?,
            limits: self.limits?,
            registration: self.registration?,
            events: self.events?,
            retention: self.retention?,
            log: self.log?,
            // The variables of OpenTelemetry set them, which are not keys.
            traces: None,
        })
    }
}
