use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use url::{Position, Url};

use super::database_url::without_password;
use super::server_url;

/// Which tiers the cache has, told by the scheme. Shows itself without the password.
#[derive(Clone)]
pub enum CacheUrl {
    /// The one in this process.
    Memory,
    /// That one, and a Redis that all replicas share: a URL that parses.
    Redis(SecretString),
    /// None.
    Off,
}

const WANTED: &str = "wants memory:, redis://[[USER]:PASSWORD@]HOST[:PORT][/DB], rediss:// with TLS, or off:";
const NOT_A_URL: &str =
    "is not a URL of Redis: write each of @ : / ? # % in the password as its percent code, such as %40 for @";
const NOT_A_DATABASE: &str = "names the database by a number after the host, such as redis://cache:6379/1";
const OPTIONS: &str = "takes no options after a ?";

impl CacheUrl {
    /// The reason of a refusal never holds the text, since it may hold a password.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "memory:" => return Ok(Self::Memory),
            "off:" => return Ok(Self::Off),
            redis if redis.starts_with("redis://") || redis.starts_with("rediss://") => {}
            _ => return Err(WANTED.to_owned()),
        }
        let url = Url::parse(text).map_err(|_| NOT_A_URL)?;
        let database = url.path().trim_matches('/');
        if url.host_str().is_none_or(str::is_empty) || url[Position::AfterPort..].contains(['@', '#']) {
            Err(NOT_A_URL.to_owned())
        } else if url.query().is_some() {
            Err(OPTIONS.to_owned())
        } else if !database.is_empty() && database.parse::<u16>().is_err() {
            Err(NOT_A_DATABASE.to_owned())
        } else {
            server_url::check(&url)?;
            Ok(Self::Redis(SecretString::from(text)))
        }
    }

    /// The URL of a server.
    pub(super) fn server(&self) -> Option<Url> {
        let Self::Redis(url) = self else { return None };
        Url::parse(url.expose_secret()).ok()
    }

    /// Whether a text that is a cache URL carries a password.
    pub(super) fn carries_password(text: &str) -> bool {
        Self::parse(text).is_ok() && Url::parse(text).is_ok_and(|url| url.password().is_some())
    }
}

impl fmt::Display for CacheUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory:"),
            Self::Off => f.write_str("off:"),
            Self::Redis(url) => match Url::parse(url.expose_secret()) {
                Ok(url) => f.write_str(&without_password(url)),
                Err(_) => f.write_str("[redacted]"),
            },
        }
    }
}

impl fmt::Debug for CacheUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_tells_which_tiers_there_are() {
        assert!(matches!(CacheUrl::parse("memory:"), Ok(CacheUrl::Memory)));
        assert!(matches!(CacheUrl::parse("off:"), Ok(CacheUrl::Off)));
        for redis in
            ["redis://h", "redis://h/", "redis://:p@h:6380/15", "rediss://u:p%40@h/0", "redis://[::1]"]
        {
            assert!(matches!(CacheUrl::parse(redis), Ok(CacheUrl::Redis(_))), "{redis}");
        }
    }

    #[test]
    fn what_is_no_cache_is_refused_without_showing_it() {
        for text in [
            "",
            "memory",
            "hunter2",
            "memcached://h",
            "redis:",
            "redis://",
            "redis://:hunter2@",
            "redis://:hunter2@h/users",
            "redis://:hunter2@h/-1",
            "redis://:hunter2@h/0?protocol=resp3",
            "redis://:a#hunter2@h",
            "redis://:a/hunter2@h",
            "redis://:a?hunter2@h",
        ] {
            let reason = CacheUrl::parse(text).unwrap_err();
            assert!(!reason.contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn the_password_is_never_shown() {
        for (text, shown) in [
            ("redis://:hunter2@cache:6379/1", "redis://:****@cache:6379/1"),
            ("rediss://svc:hunter2@cache", "rediss://svc:****@cache"),
            ("redis://cache", "redis://cache"),
            ("memory:", "memory:"),
        ] {
            let url = CacheUrl::parse(text).unwrap();
            assert_eq!((url.to_string(), format!("{url:?}")), (shown.to_owned(), shown.to_owned()));
            assert_eq!(CacheUrl::carries_password(text), text.contains("hunter2"), "{text}");
        }
    }
}
