//! The configuration: its sources, its checks and its errors.
//!
//! **Here**: the settings as other modules read them ([`Settings`]), their sources ([`Sources`]), the checks
//! of each value, and errors that tell an operator what to change. `config/default.toml` is embedded: it
//! lists the keys, and gives their types, defaults and documentation.
//!
//! **May use**: `domain`, figment and the parsers of single values. It connects to nothing.
//!
//! **To add one**: the key with its comment in `config/default.toml`, a field in `settings.rs`, a line in
//! `check/` that reads it. The variable, `_FILE`, `--set`, the suggestions for misspelt keys and
//! `config show` follow.

mod check;
mod dotenv;
mod environment;
mod error;
mod file;
mod key_strength;
mod layer;
mod loaded;
mod merged;
mod read;
mod schema;
mod settings;
mod sources;
#[cfg(test)]
mod tests;
mod traces;
mod urls;
mod variable;

pub use error::{ConfigError, ConfigErrors};
pub use loaded::{Explained, Loaded};
pub use settings::{
    CacheSettings, DatabaseSettings, Environment, EventSettings, LimitSettings, LogFormat, LogSettings,
    MailSettings, MetricsListen, PasswordSettings, Pooler, QueueSettings, RegistrationSettings,
    RetentionSettings, SecretKeySource, SecuritySettings, ServerSettings, Settings, TokenSettings,
    TraceSampler, TraceSettings,
};
pub use sources::{ManagerVariables, Sources};
pub use urls::{
    AmqpUrl, CacheUrl, DatabaseUrl, MailUrl, PostgresUrl, QueueUrl, RedisUrl, SentinelUrl, SessionTarget,
    SmtpTls, SmtpUrl,
};
