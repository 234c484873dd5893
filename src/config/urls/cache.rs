use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::server::{Rules, Server, decoded};

/// The caches to use, by the scheme of the URL. The `Display` and `Debug` forms omit the password.
#[derive(Clone)]
pub enum CacheUrl {
    /// The local cache only.
    Memory,
    /// The local cache, and Redis as the shared cache.
    Redis(Box<RedisUrl>),
    /// No cache.
    Off,
}

/// A Redis server, or the Sentinels that know its address.
#[derive(Clone)]
pub struct RedisUrl {
    server: Server,
    /// The number of the database.
    pub database: u16,
    /// `None` if the URL names the server itself.
    pub sentinel: Option<SentinelUrl>,
}

/// The master to ask Sentinels for, and the credentials.
#[derive(Clone)]
pub struct SentinelUrl {
    /// The name of the master.
    pub master: String,
    /// The user for the Sentinels. The user in the URL is that of the server.
    pub user: Option<String>,
    /// The password for the Sentinels.
    pub password: Option<SecretString>,
}

const WANTED: &str = "expected memory:, redis://[[USER]:PASSWORD@]HOST[:PORT][/DB], rediss:// with TLS, \
     redis+sentinel://[[USER]:PASSWORD@]HOST[:PORT],HOST[:PORT]/MASTER[/DB], or off:";
const CLUSTER: &str = "a Redis Cluster cannot be the cache, because invalidations and their times need a single server. Name \
     one server (redis://), or several with Sentinel (redis+sentinel://)";
const NO_HOST: &str = "no host: expected redis://[[USER]:PASSWORD@]HOST[:PORT][/DB]";
const SEVERAL: &str = "several hosts, which only Sentinel supports: expected \
     redis+sentinel://HOST[:PORT],HOST[:PORT]/MASTER";
const NO_MASTER: &str =
    "no master: expected its name in Sentinel, such as redis+sentinel://a:26379,b:26379/mymaster";
const NOT_A_DATABASE: &str =
    "invalid database: expected a number after the host, such as redis://cache:6379/1";
const MALFORMED: &str =
    "invalid Redis URL: percent-encode each of @ : / ? # % in the password, such as %40 for @";

const RULES: Rules = Rules { malformed: MALFORMED, parameters: &[], secret: &[], foreign: FOREIGN };
const SENTINEL_RULES: Rules = Rules {
    malformed: MALFORMED,
    parameters: &["sentinel_user", "sentinel_password"],
    secret: &["sentinel_password"],
    foreign: FOREIGN,
};
const FOREIGN: &[(&str, &str)] = &[
    ("password", "write redis://:PASSWORD@HOST"),
    ("db", "write the number of the database after the host, such as redis://cache:6379/1"),
    ("timeout", "set cache.timeout"),
];

impl CacheUrl {
    /// The error never contains the text, which may contain a password.
    pub(in crate::config) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "memory:" => return Ok(Self::Memory),
            "off:" => return Ok(Self::Off),
            _ => {}
        }
        match text.split_once("://").map(|(scheme, _)| scheme) {
            Some("redis" | "rediss") => RedisUrl::parse(text).map(Box::new).map(Self::Redis),
            Some("redis+sentinel" | "rediss+sentinel") => {
                RedisUrl::parse_sentinel(text).map(Box::new).map(Self::Redis)
            }
            Some("redis+cluster" | "rediss+cluster" | "redis-cluster") => Err(CLUSTER.to_owned()),
            _ => Err(WANTED.to_owned()),
        }
    }

    /// The server of the URL.
    pub(in crate::config) fn server(&self) -> Option<&Server> {
        match self {
            Self::Redis(url) => Some(&url.server),
            Self::Memory | Self::Off => None,
        }
    }

    /// Whether a text is a cache URL with a password.
    pub(in crate::config) fn carries_password(text: &str) -> bool {
        let Ok(Self::Redis(url)) = Self::parse(text) else { return false };
        let sentinel = url.sentinel.as_ref().and_then(|sentinel| sentinel.password.as_ref());
        url.server.password.is_some() || sentinel.is_some()
    }
}

impl RedisUrl {
    fn parse(text: &str) -> Result<Self, String> {
        let server = Server::parse(text, &RULES)?;
        match server.hosts.len() {
            0 => return Err(NO_HOST.to_owned()),
            1 => {}
            _ => return Err(SEVERAL.to_owned()),
        }
        let database = number(server.path.trim_matches('/'))?;
        Ok(Self { server, database, sentinel: None })
    }

    fn parse_sentinel(text: &str) -> Result<Self, String> {
        let server = Server::parse(text, &SENTINEL_RULES)?;
        if server.hosts.is_empty() {
            return Err(NO_HOST.to_owned());
        }
        let (master, database) = server.path.split_once('/').unwrap_or((&server.path, ""));
        if master.is_empty() {
            return Err(NO_MASTER.to_owned());
        }
        let parameter = |name| server.parameter(name).filter(|value| !value.is_empty());
        let sentinel = SentinelUrl {
            master: decoded(master)?,
            user: parameter("sentinel_user").map(str::to_owned),
            password: parameter("sentinel_password").map(SecretString::from),
        };
        Ok(Self { database: number(database)?, sentinel: Some(sentinel), server })
    }

    /// The addresses of the server or of the Sentinels.
    #[must_use]
    pub fn addresses(&self) -> Vec<(String, u16)> {
        self.server.addresses(if self.sentinel.is_some() { 26379 } else { 6379 })
    }

    /// Whether all connections use TLS.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.server.scheme.starts_with("rediss")
    }

    /// The user and the password for the server.
    #[must_use]
    pub fn login(&self) -> (Option<&str>, Option<&str>) {
        (self.server.user.as_deref(), self.server.password.as_ref().map(ExposeSecret::expose_secret))
    }
}

fn number(text: &str) -> Result<u16, String> {
    if text.is_empty() { Ok(0) } else { text.parse().map_err(|_| NOT_A_DATABASE.to_owned()) }
}

impl fmt::Display for CacheUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory:"),
            Self::Off => f.write_str("off:"),
            Self::Redis(url) => fmt::Display::fmt(&url.server, f),
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
        for redis in [
            "redis://h",
            "redis://h/",
            "redis://:p@h:6380/15",
            "rediss://u:p%40@h/0",
            "redis://[::1]",
            "redis+sentinel://u:p@a,[::1]:1/m/2",
        ] {
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
            "redis://:hunter2@a,b",
            "redis://:hunter2@",
            "redis+cluster://:hunter2@a,b",
            "redis+sentinel://:hunter2@a,b",
            "redis+sentinel://:hunter2@a,b/m/hunter2",
            "redis+sentinel://a/m?sentinel_pasword=hunter2",
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
            (
                "redis+sentinel://a,b:1/m?sentinel_password=hunter2",
                "redis+sentinel://a,b:1/m?sentinel_password=****",
            ),
            ("memory:", "memory:"),
        ] {
            let url = CacheUrl::parse(text).unwrap();
            assert_eq!((url.to_string(), format!("{url:?}")), (shown.to_owned(), shown.to_owned()));
            assert_eq!(CacheUrl::carries_password(text), text.contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn sentinels_are_asked_for_a_master() {
        let Ok(CacheUrl::Redis(url)) = CacheUrl::parse(
            "rediss+sentinel://svc:p%40@a,[::1]:7/my%20master/3?sentinel_user=s&sentinel_password=q",
        ) else {
            panic!()
        };
        let sentinel = url.sentinel.as_ref().unwrap();
        assert_eq!(url.addresses(), [("a".to_owned(), 26379), ("::1".to_owned(), 7)]);
        assert_eq!((url.login(), url.database, url.is_encrypted()), ((Some("svc"), Some("p@")), 3, true));
        assert_eq!((sentinel.master.as_str(), sentinel.user.as_deref()), ("my master", Some("s")));
        assert_eq!(sentinel.password.as_ref().unwrap().expose_secret(), "q");
        assert!(CacheUrl::parse("redis+cluster://a,b").unwrap_err().contains("redis+sentinel://"));
        assert!(CacheUrl::parse("redis://a,b").unwrap_err().contains("redis+sentinel://"));
    }
}
