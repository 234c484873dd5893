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

mod check;
mod environment;
mod error;
mod file;
mod key_strength;
mod layer;
mod loaded;
mod read;
mod schema;
mod settings;
mod sources;
#[cfg(test)]
mod tests;
mod urls;

pub use error::{ConfigError, ConfigErrors};
pub use loaded::{Explained, Loaded};
pub use settings::{
    CacheSettings, DatabaseSettings, Environment, LimitSettings, LogFormat, LogSettings, MailSettings,
    MetricsListen, PasswordSettings, PoolerSetting, QueueSettings, RetentionSettings, SecretKeySource,
    SecuritySettings, ServerSettings, Settings, TokenSettings,
};
pub use sources::Sources;
pub use urls::{
    AmqpUrl, CacheUrl, DatabaseUrl, MailUrl, PostgresUrl, QueueUrl, RedisUrl, SentinelUrl, SessionTarget,
    SmtpTls, SmtpUrl,
};
