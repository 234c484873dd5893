use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use url::{Position, Url};

use super::server_url;

/// Which database, told by the scheme. Shows itself without the password.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// The embedded one, in this file.
    Sqlite(PathBuf),
    /// A server: a URL that parses.
    Postgres(SecretString),
}

const WANTED: &str = "wants sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME";
const NOT_A_URL: &str =
    "is not a URL: write each of @ : / ? # % in the password as its percent code, such as %40 for @";
const IN_MEMORY: &str =
    "an in-memory database forgets every user when the process ends: name a file, such as sqlite:data/svc.db";

impl DatabaseUrl {
    /// Takes `sqlite:PATH`, `sqlite://PATH`, `postgres://…` and `postgresql://…`. The reason of a refusal
    /// never holds the text, since it may hold a password.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if let Some(rest) = text.strip_prefix("sqlite:") {
            return sqlite(rest.strip_prefix("//").unwrap_or(rest));
        }
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(WANTED.to_owned());
        }
        // An `@` or a `#` after the host is the rest of a password that was not encoded.
        match Url::parse(text) {
            Ok(url) if !url[Position::AfterPort..].contains(['@', '#']) => {
                server_url::check(&url)?;
                Ok(Self::Postgres(SecretString::from(text)))
            }
            Ok(_) | Err(_) => Err(NOT_A_URL.to_owned()),
        }
    }

    /// The file of the embedded database.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }

    /// Whether a text that is a database URL carries a password.
    pub(super) fn carries_password(text: &str) -> bool {
        Self::parse(text).is_ok_and(|url| url.login().is_some_and(|login| login.password.is_some()))
    }

    /// How the connection is encrypted; `None` when it does not leave this machine.
    pub(super) fn tls(&self) -> Option<DatabaseTls> {
        let Self::Postgres(url) = self else { return None };
        if self.login()?.local {
            return None;
        }
        let url = Url::parse(url.expose_secret()).ok()?;
        let mode = url.query_pairs().filter(|(name, _)| matches!(&**name, "sslmode" | "ssl-mode")).last();
        Some(match mode.as_ref().map(|(_, mode)| &**mode) {
            Some("require") => DatabaseTls::Unverified,
            Some("verify-ca" | "verify-full") => DatabaseTls::Verified,
            _ => DatabaseTls::Optional,
        })
    }

    /// How a server lets the service in.
    pub(super) fn login(&self) -> Option<Login> {
        let Self::Postgres(url) = self else { return None };
        let url = Url::parse(url.expose_secret()).ok()?;
        let parameter = |names: &[&str]| {
            url.query_pairs().find(|(name, _)| names.contains(&&**name)).map(|(_, value)| value.into_owned())
        };
        let password = parameter(&["password"]).or_else(|| url.password().map(str::to_owned));
        let host = parameter(&["host", "hostaddr"]).or_else(|| url.host_str().map(str::to_owned));
        Some(Login {
            user: parameter(&["user"]).unwrap_or_else(|| url.username().to_owned()),
            password: password.filter(|password| !password.is_empty()).map(SecretString::from),
            certificate: parameter(&["sslcert", "ssl-cert"]).is_some(),
            local: host.is_none_or(|host| {
                host.starts_with('/') || host.to_uppercase().starts_with("%2F") || is_loopback(&host)
            }),
        })
    }
}

/// Whether the connection to a server on another machine is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DatabaseTls {
    /// Not, or only where the server offers it.
    Optional,
    /// Always, with whatever certificate the server shows.
    Unverified,
    /// Always, with a certificate that was verified.
    Verified,
}

/// How a server lets the service in.
pub(super) struct Login {
    pub user: String,
    pub password: Option<SecretString>,
    /// A client certificate stands for the password.
    pub certificate: bool,
    /// Over a socket or the loopback interface.
    pub local: bool,
}

/// Whether a host name or address never leaves this machine.
pub(super) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

fn sqlite(path: &str) -> Result<DatabaseUrl, String> {
    if path.is_empty() || path.contains(":memory:") || path.contains("mode=memory") {
        Err(IN_MEMORY.to_owned())
    } else if path.contains('?') || path.ends_with('/') {
        Err("wants the path of a file after sqlite:, and no options".to_owned())
    } else {
        Ok(DatabaseUrl::Sqlite(PathBuf::from(path)))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => match Url::parse(url.expose_secret()) {
                Ok(url) => f.write_str(&without_password(url)),
                Err(_) => f.write_str("[redacted]"),
            },
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

pub(super) fn without_password(mut url: Url) -> String {
    if url.password().is_some() && url.set_password(Some("****")).is_err() {
        return "[redacted]".to_owned();
    }
    if url.query_pairs().any(|(name, _)| name == "password") {
        let pairs: Vec<_> = url.query_pairs().into_owned().filter(|(name, _)| name != "password").collect();
        url.query_pairs_mut().clear().extend_pairs(pairs).append_pair("password", "****");
    }
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> PathBuf {
        DatabaseUrl::parse(text).unwrap().file().unwrap().to_owned()
    }

    #[test]
    fn sqlite_takes_a_path_in_three_spellings() {
        assert_eq!(file("sqlite:data/svc.db"), Path::new("data/svc.db"));
        assert_eq!(file("sqlite://data/svc.db"), Path::new("data/svc.db"));
        assert_eq!(file("sqlite:///var/lib/svc.db"), Path::new("/var/lib/svc.db"));
        assert_eq!(file("sqlite:/var/lib/svc.db"), Path::new("/var/lib/svc.db"));
    }

    #[test]
    fn a_database_in_memory_is_refused_with_its_reason() {
        for text in ["sqlite:", "sqlite://", "sqlite::memory:", "sqlite://:memory:", "sqlite:x?mode=memory"] {
            assert!(DatabaseUrl::parse(text).unwrap_err().contains("forgets every user"), "{text}");
        }
    }

    #[test]
    fn what_is_no_url_is_refused_without_showing_it() {
        let texts = [
            "",
            "hunter2",
            "mysql://u:hunter2@h/d",
            "sqlite:data/?hunter2",
            "postgres://u:hunter2#x@h/d",
            "postgres://u:12/hunter2@h/d",
            "postgres://u:12?hunter2@h/d",
            "postgres://u:12#hunter2@h/d",
            "postgres://u:hunter2@h:0/d",
            "postgres://u:hunter2%@h/d",
        ];
        for text in texts {
            assert!(!DatabaseUrl::parse(text).unwrap_err().contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn the_password_is_never_shown() {
        for (text, shown) in [
            ("postgres://svc:hunter2@db:5432/svc", "postgres://svc:****@db:5432/svc"),
            ("postgresql://svc@db/svc?sslmode=require", "postgresql://svc@db/svc?sslmode=require"),
            ("postgres:///svc?user=a&password=hunter2", "postgres:///svc?user=a&password=****"),
            ("sqlite:data/svc.db", "sqlite:data/svc.db"),
        ] {
            let url = DatabaseUrl::parse(text).unwrap();
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), shown);
        }
    }
}
