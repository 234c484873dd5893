mod accounts;
mod server;
mod service;
mod traces;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

pub use self::accounts::{EventSettings, RegistrationSettings};
pub use self::server::{MetricsListen, ServerSettings};
pub(super) use self::server::{base_path, own_url};
pub use self::service::{AccountSettings, MailLinkSettings, ServiceSettings};
pub use self::traces::{TraceSampler, TraceSettings};

use super::urls::CacheUrl;
use super::urls::DatabaseUrl;
use super::urls::MailUrl;
use super::urls::QueueUrl;
use crate::domain::{
    Algorithm, Audience, Audiences, Budgets, HashPriority, MailTokenLifetimes, PasswordPolicy, SameSite,
    UserClaims, words,
};

/// All settings, checked. `config/default.toml` documents each key.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The environment that the service runs in.
    pub environment: Environment,
    /// What the service is called, and how it speaks to people.
    pub service: ServiceSettings,
    /// The listeners and the public URL.
    pub server: ServerSettings,
    /// The database.
    pub database: DatabaseSettings,
    /// The cache.
    pub cache: CacheSettings,
    /// The sender of mails.
    pub mail: MailSettings,
    /// The pages behind the links in mails.
    pub account: AccountSettings,
    /// The path of events to their handlers.
    pub queue: QueueSettings,
    /// Keys, tokens and passwords.
    pub security: SecuritySettings,
    /// Limits per client and in total.
    pub limits: LimitSettings,
    /// The creation of accounts.
    pub registration: RegistrationSettings,
    /// The content of events.
    pub events: EventSettings,
    /// How long finished data is kept.
    pub retention: RetentionSettings,
    /// The log.
    pub log: LogSettings,
    /// Where traces go; `None` while they are off.
    pub traces: Option<TraceSettings>,
}

impl Settings {
    /// Sets the address that the service got when it asked for any free port, and updates the settings whose
    /// defaults contain the address.
    pub fn listening_on(&mut self, address: SocketAddr) {
        let (asked, got) = (own_url(self.server.listen), own_url(address));
        let token = &mut self.security.token;
        for name in [&mut self.server.public_url, &mut token.issuer] {
            if *name == asked {
                name.clone_from(&got);
            }
        }
        token.audience.rename(&asked, &Audience::stored(got));
        self.server.listen = address;
    }
}

words! {
    /// The environment that the service runs in.
    pub enum Environment {
        /// Starts without any setting.
        Development = "development",
        /// Refuses insecure settings.
        Production = "production",
    }
}

/// The database.
#[derive(Clone, Debug)]
pub struct DatabaseSettings {
    /// The database to connect to.
    pub url: DatabaseUrl,
    /// How long a connection keeps the same server session.
    pub pooler: Pooler,
    /// A direct connection to the same database, for statements that need a server session of their own.
    pub direct_url: Option<DatabaseUrl>,
    /// The maximum number of connections of one process.
    pub max_connections: u32,
    /// How long to wait for a free connection.
    pub acquire_timeout: Duration,
    /// The time limit of one statement.
    pub statement_timeout: Duration,
}

words! {
    /// How long a connection to the database keeps the same server session.
    pub enum Pooler {
        /// For its whole life.
        Session = "session",
        /// For one transaction.
        Transaction = "transaction",
    }
}

/// The cache.
#[derive(Clone, Debug)]
pub struct CacheSettings {
    /// The caches to use.
    pub url: CacheUrl,
    /// The prefix of all keys in Redis.
    pub namespace: String,
    /// The number of users, and of sessions, in the local cache.
    pub entries: u64,
    /// The number of verified access tokens in the local cache.
    pub tokens: u64,
    /// The time limit of one call to Redis.
    pub timeout: Duration,
}

/// The sender of mails.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The destination of mails.
    pub url: MailUrl,
    /// The sender: `ADDRESS` or `NAME <ADDRESS>`.
    pub from: String,
    /// The folder of the operator's templates.
    pub templates: Option<PathBuf>,
    /// Where links lead.
    pub links: MailLinkSettings,
}

/// The path of events to their handlers.
#[derive(Clone, Debug)]
pub struct QueueSettings {
    /// The queue to use.
    pub url: QueueUrl,
    /// The prefix of all names at the broker.
    pub namespace: String,
}

/// Keys, tokens and passwords.
#[derive(Clone, Debug)]
pub struct SecuritySettings {
    /// The source of the secret key.
    pub secret_key: SecretKeySource,
    /// A second accepted secret key, for a rotation: at least 32 bytes.
    pub previous_secret_key: Option<SecretString>,
    /// The maximum number of live sessions per user.
    pub sessions_per_user: u32,
    /// Issuance and lifetimes of tokens.
    pub token: TokenSettings,
    /// Which requests from other sites carry the cookies of a session.
    pub same_site: SameSite,
    /// The lifetimes of mailed tokens.
    pub mail_token: MailTokenLifetimes,
    /// The policy for passwords, and their hashing.
    pub password: PasswordSettings,
}

/// The source of the secret key.
#[derive(Clone)]
pub enum SecretKeySource {
    /// A given key of at least 32 bytes.
    Given(SecretString),
    /// A file, created on the first start. Only in development.
    File(PathBuf),
}

impl fmt::Debug for SecretKeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(_) => f.write_str("Given([redacted])"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
        }
    }
}

/// Issuance and lifetimes of tokens.
#[derive(Clone, Debug)]
pub struct TokenSettings {
    /// The algorithm of new signing keys.
    pub algorithm: Algorithm,
    /// How long a signing key signs before the worker replaces it; `None` for as long as an operator wants.
    pub rotate_every: Option<Duration>,
    /// The lifetime of an access token.
    pub access_lifetime: Duration,
    /// The lifetime of a session without a refresh.
    pub refresh_idle: Duration,
    /// The maximum lifetime of a session.
    pub refresh_absolute: Duration,
    /// How long a refresh token may be presented again after its first use.
    pub refresh_grace: Duration,
    /// The `iss` claim of all tokens.
    pub issuer: String,
    /// The `aud` claims that tokens may have.
    pub audience: Audiences,
    /// The claims of users that tokens have.
    pub claims: UserClaims,
}

/// The policy for passwords, and their hashing (argon2id).
#[derive(Clone, Debug)]
pub struct PasswordSettings {
    /// The allowed length of a new password.
    pub policy: PasswordPolicy,
    /// The memory of one hash, in KiB.
    pub memory_kib: u32,
    /// The number of passes over that memory.
    pub iterations: u32,
    /// The number of lanes of one hash.
    pub parallelism: u32,
    /// The number of passwords hashed concurrently; at least 1.
    pub workers: usize,
    /// The maximum time in the queue.
    pub queue_wait: Duration,
    /// The maximum length of the queue.
    pub queue_length: usize,
    /// The priority of the threads that hash.
    pub priority: HashPriority,
}

/// Limits per client and in total.
#[derive(Clone, Debug)]
pub struct LimitSettings {
    /// The largest request body, in bytes.
    pub body_bytes: usize,
    /// The time limit for receiving the head of a request.
    pub header_timeout: Duration,
    /// The time limit of a whole request.
    pub request_timeout: Duration,
    /// The maximum number of open connections.
    pub connections: usize,
    /// The budgets of the rate limits; `None` disables the limits.
    pub budgets: Option<Budgets>,
    /// The maximum memory that clients can make the process use, in bytes.
    pub memory: u64,
}

/// How long finished data is kept.
#[derive(Clone, Copy, Debug)]
pub struct RetentionSettings {
    /// Events that were relayed and handled.
    pub events: Duration,
    /// Sessions that have ended.
    pub sessions: Duration,
    /// The audit trail; `None` keeps it without limit.
    pub audit: Option<Duration>,
}

/// The log.
#[derive(Clone, Debug)]
pub struct LogSettings {
    /// The format.
    pub format: LogFormat,
    /// Directives of `tracing_subscriber::EnvFilter`.
    pub level: String,
}

words! {
    /// The format of the log.
    pub enum LogFormat {
        /// Pretty on a terminal, otherwise JSON.
        Auto = "auto",
        /// For people.
        Pretty = "pretty",
        /// For machines: one object per line.
        Json = "json",
    }
}
