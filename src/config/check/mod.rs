//! Values become settings here, one file a section, one line a key.
//!
//! **Here**: what each key takes, the rules between keys, and what production refuses besides.
//!
//! **May use**: the reader, which gathers errors, and the parsers of single values.
//!
//! **To add one**: read it in its section. Every section reads all of its keys before it gives up, so that one
//! run tells all that is wrong.

mod cache;
mod database;
mod limits;
mod log;
mod mail;
mod production;
mod queue;
mod retention;
mod security;
mod server;

use std::time::Duration;

use figment::Figment;

use super::error::{ConfigError, ConfigErrors};
use super::read::Reader;
use super::settings::{Environment, SecuritySettings, Settings};

const MILLISECOND: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

/// Turns values into settings. `errors` are those found so far; all come back together.
pub(super) fn settings(figment: &Figment, errors: Vec<ConfigError>) -> Result<Settings, ConfigErrors> {
    let mut reader = Reader::new(figment, errors);
    let checked = all(&mut reader);
    match checked {
        Some(settings) if reader.errors.is_empty() => Ok(settings),
        _ => Err(ConfigErrors(reader.errors)),
    }
}

fn all(read: &mut Reader<'_>) -> Option<Settings> {
    let environment = read.word(
        "environment",
        &[("development", Environment::Development), ("production", Environment::Production)],
    );
    let production = environment == Some(Environment::Production);
    let server = server::read(read, production);
    let database = database::read(read, production);
    let cache = cache::read(read, production);
    let mail = mail::read(read, production, server.as_ref().map(|server| server.public_url.as_str()));
    let queue = queue::read(read, production);
    let secret_key = security::secret_key(read, production, database.as_ref().map(|database| &database.url));
    let previous_secret_key = security::previous_secret_key(read, production, secret_key.as_ref());
    let token = security::token(read, server.as_ref().map(|server| server.public_url.as_str()));
    let mail_token = security::mail_token(read);
    let password = security::password(read);
    let limits = limits::read(read);
    let retention = retention::read(read);
    let log = log::read(read);
    Some(Settings {
        environment: environment?,
        server: server?,
        database: database?,
        cache: cache?,
        mail: mail?,
        security: SecuritySettings {
            secret_key: secret_key?,
            previous_secret_key,
            token: token?,
            mail_token: mail_token?,
            password: password?,
        },
        queue: queue?,
        limits: limits?,
        retention: retention?,
        log: log?,
    })
}
