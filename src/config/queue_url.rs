use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use url::{Position, Url};

use super::database_url::without_password;
use super::server_url;

/// By which way events reach their handlers, told by the scheme. Shows itself without the password.
#[derive(Clone)]
pub enum QueueUrl {
    /// From the outbox straight into the inbox of the same database.
    Database,
    /// By RabbitMQ, where other services read them too: a URL that parses.
    Amqp(SecretString),
}

const WANTED: &str =
    "wants database:, amqp://USER:PASSWORD@HOST[:PORT][/VHOST], or amqps:// with TLS; a / in VHOST is %2F";
const NOT_A_URL: &str = "is not a URL of RabbitMQ: write each of @ : / ? # % in the password as its percent code, such as %40 for @";
const NOT_A_VHOST: &str =
    "names one virtual host after the host, such as amqp://broker/svc; a / in it is %2F";
const OPTIONS: &str = "takes no options after a ?";

impl QueueUrl {
    /// The reason of a refusal never holds the text, since it may hold a password.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "database:" => return Ok(Self::Database),
            amqp if amqp.starts_with("amqp://") || amqp.starts_with("amqps://") => {}
            _ => return Err(WANTED.to_owned()),
        }
        let url = Url::parse(text).map_err(|_| NOT_A_URL)?;
        if url.host_str().is_none_or(str::is_empty) || url[Position::AfterPort..].contains(['@', '#']) {
            Err(NOT_A_URL.to_owned())
        } else if url.query().is_some() {
            Err(OPTIONS.to_owned())
        } else if url.path().trim_start_matches('/').contains('/') {
            Err(NOT_A_VHOST.to_owned())
        } else {
            server_url::check(&url)?;
            Ok(Self::Amqp(SecretString::from(text)))
        }
    }

    /// The URL of a broker.
    pub(super) fn server(&self) -> Option<Url> {
        let Self::Amqp(url) = self else { return None };
        Url::parse(url.expose_secret()).ok()
    }

    /// Whether a text that is a queue URL carries a password.
    pub(super) fn carries_password(text: &str) -> bool {
        Self::parse(text).is_ok() && Url::parse(text).is_ok_and(|url| url.password().is_some())
    }
}

impl fmt::Display for QueueUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database => f.write_str("database:"),
            Self::Amqp(url) => match Url::parse(url.expose_secret()) {
                Ok(url) => f.write_str(&without_password(url)),
                Err(_) => f.write_str("[redacted]"),
            },
        }
    }
}

impl fmt::Debug for QueueUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_tells_the_way() {
        assert!(matches!(QueueUrl::parse("database:"), Ok(QueueUrl::Database)));
        for amqp in ["amqp://h", "amqp://h/", "amqp://u:p@h:5673/%2F", "amqps://u:p%40@h/svc", "amqp://[::1]"]
        {
            assert!(matches!(QueueUrl::parse(amqp), Ok(QueueUrl::Amqp(_))), "{amqp}");
        }
    }

    #[test]
    fn what_is_no_queue_is_refused_without_showing_it() {
        for text in [
            "",
            "database",
            "hunter2",
            "redis://h",
            "amqp:",
            "amqp://",
            "amqp://u:hunter2@",
            "amqp://u:hunter2@h/a/b",
            "amqp://u:hunter2@h/a?heartbeat=1",
            "amqp://u:a#hunter2@h",
            "amqp://u:a/hunter2@h",
            "amqp://u:a?hunter2@h",
            "amqp://u:hunter2@h:0",
            "amqp://u:hunter2%@h",
            "amqp://u:hunter2@h/%ff",
        ] {
            let reason = QueueUrl::parse(text).unwrap_err();
            assert!(!reason.contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn the_password_is_never_shown() {
        for (text, shown) in [
            ("amqp://svc:hunter2@broker:5672/svc", "amqp://svc:****@broker:5672/svc"),
            ("amqps://svc:hunter2@broker", "amqps://svc:****@broker"),
            ("amqp://broker", "amqp://broker"),
            ("database:", "database:"),
        ] {
            let url = QueueUrl::parse(text).unwrap();
            assert_eq!((url.to_string(), format!("{url:?}")), (shown.to_owned(), shown.to_owned()));
            assert_eq!(QueueUrl::carries_password(text), text.contains("hunter2"), "{text}");
        }
    }
}
