use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use secrecy::SecretString;

use super::urls::CacheUrl;
use super::urls::DatabaseUrl;
use super::urls::MailUrl;
use super::urls::QueueUrl;
use crate::domain::{Algorithm, Budgets, MailTokenLifetimes, PasswordPolicy};

/// Everything that can be set, checked. `config/default.toml` says what each key means.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the service is run for.
    pub environment: Environment,
    /// Where it listens and how it is reached.
    pub server: ServerSettings,
    /// Where everything is kept.
    pub database: DatabaseSettings,
    /// Where what is read often is kept besides.
    pub cache: CacheSettings,
    /// Where mails go, and what they look like.
    pub mail: MailSettings,
    /// How events are handed on.
    pub queue: QueueSettings,
    /// Keys, tokens and passwords.
    pub security: SecuritySettings,
    /// What one client may take.
    pub limits: LimitSettings,
    /// How long is kept what is over.
    pub retention: RetentionSettings,
    /// What is logged, and how.
    pub log: LogSettings,
}

impl Settings {
    /// Takes the address that the service got when it asked for any free port; what is named after the address
    /// by default follows.
    pub fn listening_on(&mut self, address: SocketAddr) {
        let (asked, got) = (own_url(self.server.listen), own_url(address));
        let token = &mut self.security.token;
        for name in [&mut self.server.public_url, &mut token.issuer, &mut token.audience] {
            if *name == asked {
                name.clone_from(&got);
            }
        }
        self.server.listen = address;
    }
}

/// The address that a browser on this machine reaches a listener at.
pub(super) fn own_url(listen: SocketAddr) -> String {
    let host = match listen.ip() {
        ip if !ip.is_unspecified() => ip,
        _ => IpAddr::V4(Ipv4Addr::LOCALHOST),
    };
    format!("http://{}", SocketAddr::new(host, listen.port()))
}

/// What the service is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Starts with nothing set.
    Development,
    /// Refuses what an attacker would try first.
    Production,
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Development => "development",
            Self::Production => "production",
        })
    }
}

/// Where the service listens and how it is reached.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// The address to bind; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Where a Prometheus server reads.
    pub metrics_listen: MetricsListen,
    /// Where clients reach it, without a slash at the end.
    pub public_url: String,
    /// The proxies whose forwarded client address is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether the pages of the documentation are served.
    pub docs: bool,
    /// How long readiness says 503 while connections are still taken.
    pub drain_delay: Duration,
}

/// The listener for a Prometheus server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricsListen {
    /// No listener.
    Off,
    /// The first free port from 9000 to 9009 on the loopback interface, or any free one where none of them is.
    Auto,
    /// This address.
    At(SocketAddr),
}

/// Where everything is kept.
#[derive(Clone, Debug)]
pub struct DatabaseSettings {
    /// Which database.
    pub url: DatabaseUrl,
    /// How long a connection has the same session of the server.
    pub pooler: PoolerSetting,
    /// Another way to the same database, for what needs a session of its own.
    pub direct_url: Option<DatabaseUrl>,
    /// The most connections that one process opens.
    pub max_connections: u32,
    /// How long to wait for a free connection.
    pub acquire_timeout: Duration,
    /// How long one statement may take.
    pub statement_timeout: Duration,
}

/// How long a connection to the database has the same session of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolerSetting {
    /// All its time.
    Session,
    /// As long as a transaction.
    Transaction,
}

/// Where what is read often is kept besides.
#[derive(Clone, Debug)]
pub struct CacheSettings {
    /// Which tiers there are.
    pub url: CacheUrl,
    /// What every name in Redis begins with.
    pub namespace: String,
    /// How many users, and how many sessions, one process keeps.
    pub entries: u64,
    /// How many verified access tokens one process remembers.
    pub tokens: u64,
    /// How long one call of Redis may take.
    pub timeout: Duration,
}

/// Where mails go, and what they look like.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// Where they go.
    pub url: MailUrl,
    /// Whom they come from: `ADDRESS` or `NAME <ADDRESS>`.
    pub from: String,
    /// The folder with templates of the operator's own.
    pub templates: Option<PathBuf>,
}

/// How events are handed on.
#[derive(Clone, Debug)]
pub struct QueueSettings {
    /// By which way.
    pub url: QueueUrl,
    /// What the name of everything at the broker begins with.
    pub namespace: String,
}

/// Keys, tokens and passwords.
#[derive(Clone, Debug)]
pub struct SecuritySettings {
    /// Where the one secret comes from.
    pub secret_key: SecretKeySource,
    /// A second secret key that is still accepted, while the key is changed: at least 32 bytes.
    pub previous_secret_key: Option<SecretString>,
    /// How many live sessions a user has at most.
    pub sessions_per_user: u32,
    /// How tokens are made and how long they live.
    pub token: TokenSettings,
    /// How long tokens are good that are sent by mail.
    pub mail_token: MailTokenLifetimes,
    /// What a password may be and how it is hashed.
    pub password: PasswordSettings,
}

/// Where the secret key comes from.
#[derive(Clone)]
pub enum SecretKeySource {
    /// It was set: at least 32 bytes.
    Given(SecretString),
    /// It is read from this file, which is made on the first start. Only in development.
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

/// How tokens are made and how long they live.
#[derive(Clone, Debug)]
pub struct TokenSettings {
    /// What new signing keys are for.
    pub algorithm: Algorithm,
    /// How long an access token is good for.
    pub access_lifetime: Duration,
    /// How long a session lives without a refresh.
    pub refresh_idle: Duration,
    /// How long a session lives at most.
    pub refresh_absolute: Duration,
    /// How long a refresh token may be sent again after its first use.
    pub refresh_grace: Duration,
    /// `iss` of every token.
    pub issuer: String,
    /// `aud` of every token.
    pub audience: String,
}

/// What a password may be and how it is hashed (argon2id).
#[derive(Clone, Debug)]
pub struct PasswordSettings {
    /// How long a new one may be.
    pub policy: PasswordPolicy,
    /// Memory of one hash, in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub iterations: u32,
    /// Lanes of one hash.
    pub parallelism: u32,
    /// How many are hashed at once; at least 1.
    pub workers: usize,
    /// How long one waits for its turn.
    pub queue_wait: Duration,
    /// How many wait at most.
    pub queue_length: usize,
    /// Whether they are hashed only while a core has nothing else to do.
    pub only_idle: bool,
}

/// What one client may take.
#[derive(Clone, Debug)]
pub struct LimitSettings {
    /// The largest request body, in bytes.
    pub body_bytes: usize,
    /// How long the head of a request may take.
    pub header_timeout: Duration,
    /// How long a request may take in all.
    pub request_timeout: Duration,
    /// The most open connections.
    pub connections: usize,
    /// How often each thing may be done; `None`: without a limit.
    pub budgets: Option<Budgets>,
    /// How much memory clients can make the process use, in bytes.
    pub memory: u64,
}

/// How long is kept what is over.
#[derive(Clone, Copy, Debug)]
pub struct RetentionSettings {
    /// Events that were handed on and handled.
    pub events: Duration,
    /// Sessions that have ended.
    pub sessions: Duration,
    /// The audit trail; `None`: for ever.
    pub audit: Option<Duration>,
}

/// What is logged, and how.
#[derive(Clone, Debug)]
pub struct LogSettings {
    /// For whom.
    pub format: LogFormat,
    /// Directives that `tracing_subscriber::EnvFilter` takes.
    pub level: String,
}

/// For whom the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Pretty on a terminal, JSON otherwise.
    Auto,
    /// For people.
    Pretty,
    /// For machines: one object a line.
    Json,
}
