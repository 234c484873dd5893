use std::fmt;

use secrecy::ExposeSecret;

use super::server::{Rules, Server, decoded};

/// The path of events to their handlers, by the scheme of the URL. The `Display` and `Debug` forms omit the
/// password.
#[derive(Clone)]
pub enum QueueUrl {
    /// From the outbox directly to the inbox of the same database.
    Database,
    /// Through RabbitMQ, where other services can read them too.
    Amqp(AmqpUrl),
}

/// A RabbitMQ server, or the nodes of a cluster.
#[derive(Clone)]
pub struct AmqpUrl {
    server: Server,
    /// The virtual host.
    pub vhost: String,
}

const WANTED: &str = "expected database:, amqp://USER:PASSWORD@HOST[:PORT][,HOST[:PORT]][/VHOST], or amqps:// with TLS; a / in \
     VHOST is %2F";
const NO_HOST: &str = "no host: expected amqp://USER:PASSWORD@HOST[:PORT][/VHOST]";
const NOT_A_VHOST: &str =
    "invalid virtual host: expected one name after the host, such as amqp://broker/svc; a / in it is %2F";

const RULES: Rules = Rules {
    malformed: "invalid RabbitMQ URL: percent-encode each of @ : / ? # % in the password, such as %40 for @",
    parameters: &[],
    secret: &[],
    foreign: &[
        ("heartbeat", "the heartbeat is always two seconds"),
        ("vhost", "write the virtual host after the host, such as amqp://broker/svc"),
    ],
};

impl QueueUrl {
    /// The error never contains the text, which may contain a password.
    pub(in crate::config) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "database:" => return Ok(Self::Database),
            amqp if amqp.starts_with("amqp://") || amqp.starts_with("amqps://") => {}
            _ => return Err(WANTED.to_owned()),
        }
        let server = Server::parse(text, &RULES)?;
        if server.hosts.is_empty() {
            return Err(NO_HOST.to_owned());
        }
        if server.path.contains('/') {
            return Err(NOT_A_VHOST.to_owned());
        }
        // The AMQP URI specification reads a single slash as a virtual host with an empty name, which is
        // never used.
        let vhost = if server.path.is_empty() { "/".to_owned() } else { decoded(&server.path)? };
        Ok(Self::Amqp(AmqpUrl { server, vhost }))
    }

    /// The server of the URL.
    pub(in crate::config) fn server(&self) -> Option<&Server> {
        match self {
            Self::Amqp(url) => Some(&url.server),
            Self::Database => None,
        }
    }

    /// Whether a text is a queue URL with a password.
    pub(in crate::config) fn carries_password(text: &str) -> bool {
        Self::parse(text).is_ok_and(|url| url.server().is_some_and(|server| server.password.is_some()))
    }
}

impl AmqpUrl {
    /// The addresses of the nodes.
    #[must_use]
    pub fn addresses(&self) -> Vec<(String, u16)> {
        self.server.addresses(if self.is_encrypted() { 5671 } else { 5672 })
    }

    /// Whether all connections use TLS.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.server.scheme == "amqps"
    }

    /// The user and the password; both default to `guest`.
    #[must_use]
    pub fn login(&self) -> (&str, &str) {
        let password = self.server.password.as_ref().map(ExposeSecret::expose_secret);
        (self.server.user.as_deref().unwrap_or("guest"), password.unwrap_or("guest"))
    }
}

impl fmt::Display for QueueUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database => f.write_str("database:"),
            Self::Amqp(url) => fmt::Display::fmt(&url.server, f),
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
        for amqp in
            ["amqp://h", "amqp://h/", "amqp://u:p@h:5673/%2F", "amqps://u:p%40@h/svc", "amqp://[::1],h:1/"]
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
            "amqp://u:hunter2@a,,b",
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

    #[test]
    fn the_nodes_are_the_ones_that_the_url_names() {
        for (text, hosts, vhost) in [
            ("amqp://broker", vec![("broker", 5672)], "/"),
            ("amqps://u:p@127.0.0.1/svc", vec![("127.0.0.1", 5671)], "svc"),
            ("amqp://[::1]:5673/", vec![("::1", 5673)], "/"),
            (
                "amqp://u:p@a,b:1,[2001:db8::1]/a%2Fb",
                vec![("a", 5672), ("b", 1), ("2001:db8::1", 5672)],
                "a/b",
            ),
        ] {
            let Ok(QueueUrl::Amqp(url)) = QueueUrl::parse(text) else { panic!("{text}") };
            let addresses = url.addresses();
            let named: Vec<_> = addresses.iter().map(|(host, port)| (host.as_str(), *port)).collect();
            assert_eq!((named, url.vhost.as_str()), (hosts, vhost), "{text}");
        }
    }
}
