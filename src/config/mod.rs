//! What can be set, from where, and what is wrong with it.
//!
//! **Here**: the settings as the other parts read them ([`Settings`]), the places that values come from
//! ([`Sources`]), the rules that each value keeps, and the words that tell an operator what to change.
//! `config/default.toml` is embedded: it is the list of keys, their types, their defaults and their manual.
//!
//! **May use**: `domain`, figment and the parsers of single values. It connects to nothing.
//!
//! **To add one**: the key with its comment in `config/default.toml`, a field in `settings.rs`, a line in
//! `check/` that reads it. The variable, `_FILE`, `--set`, the did-you-mean and `config show` follow.

mod cache_url;
mod check;
mod database_url;
mod environment;
mod error;
mod file;
mod key_strength;
mod layer;
mod loaded;
mod mail_url;
mod queue_url;
mod read;
mod schema;
mod server_url;
mod settings;
mod sources;
#[cfg(test)]
mod tests;

pub use cache_url::CacheUrl;
pub use database_url::DatabaseUrl;
pub use error::{ConfigError, ConfigErrors};
pub use loaded::{Explained, Loaded};
pub use mail_url::{MailUrl, SmtpTls, SmtpUrl};
pub use queue_url::QueueUrl;
pub use settings::{
    CacheSettings, DatabaseSettings, Environment, LimitSettings, LogFormat, LogSettings, MailSettings,
    MetricsListen, PasswordSettings, PoolerSetting, QueueSettings, RetentionSettings, SecretKeySource,
    SecuritySettings, ServerSettings, Settings, TokenSettings,
};
pub use sources::Sources;
