use std::fmt;
use std::path::{Path, PathBuf};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};

use super::parameters::word;
use super::server::{Rules, Server, decoded, is_loopback};

/// The database, by the scheme of the URL. The `Display` and `Debug` forms omit the password.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// An embedded database in this file.
    Sqlite(PathBuf),
    /// A PostgreSQL server, or several of which one accepts writes.
    Postgres(PostgresUrl),
}

/// One or more PostgreSQL servers.
#[derive(Clone)]
pub struct PostgresUrl {
    server: Server,
    /// Each with its port; a socket folder has one too.
    hosts: Vec<(String, u16)>,
    database: String,
    tls: TlsMode,
    /// Which of the hosts are suitable.
    pub target: SessionTarget,
}

/// The suitable servers, in the terms of `target_session_attrs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionTarget {
    /// Any server that answers.
    Any,
    /// A server that accepts writes.
    ReadWrite,
    /// A server that is not a standby.
    Primary,
}

#[derive(Clone, Copy)]
enum TlsMode {
    Optional,
    Unverified,
    Verified,
}

const WANTED: &str = "expected sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME";
const IN_MEMORY: &str =
    "an in-memory database loses every user when the process ends: name a file, such as sqlite:data/svc.db";
const NO_HOST: &str =
    "no host: expected postgres://USER:PASSWORD@HOST/NAME, or ?host=/DIRECTORY for a socket";
const PORTS: &str = "port: expected one port, or one for each host, such as 5432,5433";

const RULES: Rules = Rules {
    malformed: "invalid URL: percent-encode each of @ : / ? # % in the password, such as %40 for @",
    parameters: &[
        "host",
        "hostaddr",
        "port",
        "user",
        "password",
        "dbname",
        "sslmode",
        "sslrootcert",
        "sslcert",
        "sslkey",
        "application_name",
        "options",
        "target_session_attrs",
    ],
    secret: &["password"],
    foreign: &[
        ("connect_timeout", "set database.acquire_timeout"),
        ("statement_timeout", "set database.statement_timeout"),
        ("pool_size", "set database.max_connections"),
        ("max_connections", "set database.max_connections"),
        ("pgbouncer", "set database.pooler"),
        ("load_balance_hosts", "hosts are tried in the order of the URL"),
        ("schema", "write options=-c%20search_path%3DNAME"),
    ],
};

/// The parameters that are passed to the driver in addition to address, database and credentials.
const PASSED_ON: [&str; 6] = ["sslmode", "sslrootcert", "sslcert", "sslkey", "application_name", "options"];

const TLS: &[(&str, TlsMode)] = &[
    ("disable", TlsMode::Optional),
    ("allow", TlsMode::Optional),
    ("prefer", TlsMode::Optional),
    ("require", TlsMode::Unverified),
    ("verify-ca", TlsMode::Verified),
    ("verify-full", TlsMode::Verified),
];

const TARGETS: &[(&str, SessionTarget)] = &[
    ("any", SessionTarget::Any),
    ("read-write", SessionTarget::ReadWrite),
    ("primary", SessionTarget::Primary),
];

impl DatabaseUrl {
    /// Accepts `sqlite:PATH`, `sqlite://PATH`, `postgres://…` and `postgresql://…`. The error never contains
    /// the text, which may contain a password.
    pub(in crate::config) fn parse(text: &str) -> Result<Self, String> {
        if let Some(rest) = text.strip_prefix("sqlite:") {
            return sqlite(rest.strip_prefix("//").unwrap_or(rest));
        }
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(WANTED.to_owned());
        }
        PostgresUrl::parse(text).map(Self::Postgres)
    }

    /// The file of an embedded database.
    pub(in crate::config) fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }

    /// Whether a text is a database URL with a password.
    pub(in crate::config) fn carries_password(text: &str) -> bool {
        Self::parse(text).is_ok_and(|url| url.login().is_some_and(|login| login.password.is_some()))
    }

    /// The encryption of the connection; `None` if it does not leave this machine.
    pub(in crate::config) fn tls(&self) -> Option<DatabaseTls> {
        let Self::Postgres(url) = self else { return None };
        if url.is_local() {
            return None;
        }
        Some(match url.tls {
            TlsMode::Optional => DatabaseTls::Optional,
            TlsMode::Unverified => DatabaseTls::Unverified,
            TlsMode::Verified => DatabaseTls::Verified,
        })
    }

    /// The credentials for the server.
    pub(in crate::config) fn login(&self) -> Option<Login> {
        let Self::Postgres(url) = self else { return None };
        Some(Login {
            user: url.user().unwrap_or_default().to_owned(),
            password: url.password().map(SecretString::from),
            certificate: url.server.parameter("sslcert").is_some(),
            local: url.is_local(),
        })
    }
}

impl PostgresUrl {
    fn parse(text: &str) -> Result<Self, String> {
        let server = Server::parse(text, &RULES)?;
        let named = server.parameter("hostaddr").or_else(|| server.parameter("host"));
        let mut hosts: Vec<(String, Option<u16>)> = match named {
            Some(list) => list.split(',').map(|host| (host.to_owned(), None)).collect(),
            None => server.hosts.clone(),
        };
        if hosts.is_empty() || hosts.iter().any(|(host, _)| host.is_empty()) {
            return Err(NO_HOST.to_owned());
        }
        if let Some(list) = server.parameter("port") {
            let ports: Vec<u16> = list
                .split(',')
                .map(|port| port.parse().ok().filter(|port| *port > 0))
                .collect::<Option<_>>()
                .ok_or(PORTS)?;
            for (index, (_, port)) in hosts.iter_mut().enumerate() {
                *port = Some(*ports.get(if ports.len() == 1 { 0 } else { index }).ok_or(PORTS)?);
            }
            if ports.len() > hosts.len() {
                return Err(PORTS.to_owned());
            }
        }
        let database = match server.parameter("dbname") {
            Some(name) => name.to_owned(),
            None => decoded(&server.path)?,
        };
        let tls =
            server.parameter("sslmode").map_or(Ok(TlsMode::Optional), |mode| word("sslmode", mode, TLS))?;
        let target = match server.parameter("target_session_attrs") {
            Some(target) => word("target_session_attrs", target, TARGETS)?,
            // The service has to write, and of several servers only one accepts writes.
            None if hosts.len() > 1 => SessionTarget::ReadWrite,
            None => SessionTarget::Any,
        };
        let hosts = hosts.into_iter().map(|(host, port)| (host, port.unwrap_or(5432))).collect();
        Ok(Self { server, hosts, database, tls, target })
    }

    fn user(&self) -> Option<&str> {
        self.server.parameter("user").or(self.server.user.as_deref())
    }

    fn password(&self) -> Option<&str> {
        let given = self.server.password.as_ref().map(ExposeSecret::expose_secret);
        self.server.parameter("password").or(given).filter(|password| !password.is_empty())
    }

    fn is_local(&self) -> bool {
        self.hosts.iter().all(|(host, _)| host.starts_with('/') || is_loopback(host))
    }

    /// One URL per host with everything in parameters, a form that the driver reads unambiguously.
    #[must_use]
    pub fn each_host(&self) -> Vec<SecretString> {
        let passed_on = PASSED_ON.iter().filter_map(|name| Some((*name, self.server.parameter(name)?)));
        let database = (!self.database.is_empty()).then_some(self.database.as_str());
        let common = [("user", self.user()), ("password", self.password()), ("dbname", database)];
        let common = common.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let common: Vec<_> = common.chain(passed_on).collect();
        let url = |(host, port): &(String, u16)| {
            let port = port.to_string();
            let all =
                [("host", host.as_str()), ("port", port.as_str())].into_iter().chain(common.iter().copied());
            let pairs: Vec<_> = all
                .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
                .collect();
            SecretString::from(format!("postgres:///?{}", pairs.join("&")))
        };
        self.hosts.iter().map(url).collect()
    }
}

/// The encryption of a connection to another machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::config) enum DatabaseTls {
    /// None, or only if the server offers it.
    Optional,
    /// Always, with any certificate.
    Unverified,
    /// Always, with a verified certificate.
    Verified,
}

/// The credentials for a server.
pub(in crate::config) struct Login {
    pub user: String,
    pub password: Option<SecretString>,
    /// Whether a client certificate replaces the password.
    pub certificate: bool,
    /// Whether the connection uses a socket or the loopback interface.
    pub local: bool,
}

fn sqlite(path: &str) -> Result<DatabaseUrl, String> {
    if path.is_empty() || path.contains(":memory:") || path.contains("mode=memory") {
        Err(IN_MEMORY.to_owned())
    } else if path.contains('?') || path.ends_with('/') {
        Err("expected the path of a file after sqlite:, without options".to_owned())
    } else {
        Ok(DatabaseUrl::Sqlite(PathBuf::from(path)))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => fmt::Display::fmt(&url.server, f),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests;
