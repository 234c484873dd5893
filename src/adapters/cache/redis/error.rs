//! Why a call to Redis failed.

use deadpool_redis::redis::{ErrorKind, RedisError};

use crate::ports::SharedCache;

/// The reason why a call, or an attempt to connect, failed.
#[derive(Debug)]
pub(super) enum CallError {
    Late,
    /// The server's clock was set.
    OtherTime,
    /// The server is a node of a cluster.
    Cluster,
    /// The server refuses writes.
    Replica,
    /// The server is a Sentinel.
    Sentinel,
    /// The Sentinels name another server now.
    Moved,
    /// No server accepted the connection.
    Away(String),
    /// The log-in failed.
    LoggedOut(String),
    /// The user lacks this right, in the syntax of `ACL SETUSER`.
    Forbidden(String),
    Refused(RedisError),
}

impl CallError {
    /// Returns the state that an operator sees.
    pub(super) fn state(&self) -> SharedCache {
        match self {
            Self::Cluster | Self::Sentinel => SharedCache::Unsupported,
            Self::Replica => SharedCache::ReadOnly,
            Self::LoggedOut(_) => SharedCache::LoginRefused,
            Self::Forbidden(right) => SharedCache::MissingRight(right.clone()),
            Self::Late | Self::OtherTime | Self::Moved | Self::Away(_) | Self::Refused(_) => {
                SharedCache::Away
            }
        }
    }
}

impl From<RedisError> for CallError {
    fn from(error: RedisError) -> Self {
        let text = error.to_string();
        match error.code() {
            Some("MOVED" | "ASK" | "CROSSSLOT" | "CLUSTERDOWN") => Self::Cluster,
            Some("READONLY") => Self::Replica,
            Some("NOPERM") => Self::Forbidden(missing_right(&text)),
            // The next attempt to connect finds out which command of the script is forbidden.
            _ if text.contains("ACL failure in script") || text.contains("The user executing the script") => {
                Self::Forbidden(missing_right(&text))
            }
            Some("WRONGPASS" | "NOAUTH") => Self::LoggedOut(text),
            _ if error.kind() == ErrorKind::AuthenticationFailed => Self::LoggedOut(text),
            _ => Self::Refused(error),
        }
    }
}

/// Translates the server's message about a forbidden command into the rule that allows it.
fn missing_right(text: &str) -> String {
    if let Some(command) = text.split('\'').nth(1) {
        format!("+{command}")
    } else if text.contains("channel") {
        "&NAMESPACE:changes".to_owned()
    } else if text.contains("key") {
        "~NAMESPACE:*".to_owned()
    } else {
        text.to_owned()
    }
}

impl std::fmt::Display for CallError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Late => f.write_str("no answer in time"),
            Self::OtherTime => f.write_str("the clock of the server was changed"),
            Self::Cluster => f.write_str(
                "the server is a node of a Redis Cluster, which cannot be the cache: name one server, or several with Sentinel \
                 (redis+sentinel://)",
            ),
            Self::Replica => f.write_str("the server is a replica and read-only: name its master"),
            Self::Sentinel => f.write_str("the server is a Sentinel: write redis+sentinel://HOST:PORT/MASTER"),
            Self::Moved => f.write_str("the Sentinels name another master"),
            Self::Away(why) => f.write_str(why),
            Self::LoggedOut(why) => write!(f, "the server rejected the user or the password of cache.url ({why})"),
            Self::Forbidden(right) => {
                write!(f, "the user of cache.url lacks the permission {right}: grant it with ACL SETUSER (docs/clusters.md)")
            }
            Self::Refused(error) => error.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_right_is_named_in_the_syntax_that_grants_it() {
        for (text, right) in [
            ("NOPERM User svc has no permissions to run the 'publish' command", "+publish"),
            ("NOPERM this user has no permissions to run the 'script|load' command", "+script|load"),
            ("NOPERM No permissions to access a channel", "&NAMESPACE:changes"),
            (
                "NOPERM this user has no permissions to access one of the keys used as arguments",
                "~NAMESPACE:*",
            ),
            ("NOPERM No permissions to access a key", "~NAMESPACE:*"),
        ] {
            assert_eq!(missing_right(text), right);
        }
    }
}
