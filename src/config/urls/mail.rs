use std::fmt;
use std::path::PathBuf;

use secrecy::SecretString;

use super::parameters::word;
use super::server::{Rules, Server};

/// The destination of mails, by the scheme of the URL. The `Display` and `Debug` forms omit the password.
#[derive(Clone)]
pub enum MailUrl {
    /// Files in this folder.
    Dir(PathBuf),
    /// The log.
    Log,
    /// A mail server.
    Smtp(SmtpUrl),
}

/// A mail server.
#[derive(Clone)]
pub struct SmtpUrl {
    /// The host name or address, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The encryption of the connection.
    pub tls: SmtpTls,
    /// The user and the password.
    pub login: Option<(String, SecretString)>,
}

/// The encryption of a connection to a mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// TLS from the first byte.
    Implicit,
    /// STARTTLS; without it nothing is sent.
    Required,
    /// STARTTLS if the server offers it.
    Opportunistic,
    /// No encryption.
    None,
}

const WANTED: &str = "expected dir:PATH, smtp://[USER:PASSWORD@]HOST[:PORT], smtps:// with TLS, or log:";
const NO_HOST: &str =
    "no host: expected smtp://[USER:PASSWORD@]HOST[:PORT], such as smtp://relay.example.com";
const PATH: &str =
    "a path is not allowed: expected smtp://[USER:PASSWORD@]HOST[:PORT], optionally with ?tls=";
const IMPLICIT: &str = "parameters are not allowed: smtps:// uses TLS from the first byte";
const SEVERAL: &str = "several hosts: expected one, such as your own mail relay";
const HALF: &str = "expected both a user and a password, as in smtp://USER:PASSWORD@HOST, or neither";

const RULES: Rules = Rules {
    malformed: "invalid URL of a mail server: expected smtp://[USER:PASSWORD@]HOST[:PORT], with each of @ : / ? # % in the password percent-encoded, such as %40 for @",
    parameters: &["tls"],
    secret: &[],
    foreign: &[("starttls", "write tls=required"), ("ssl", "write smtps://"), ("from", "set mail.from")],
};
const TLS: &[(&str, SmtpTls)] = &[("required", SmtpTls::Required), ("none", SmtpTls::None)];

impl MailUrl {
    /// The error never contains the text, which may contain a password.
    pub(in crate::config) fn parse(text: &str) -> Result<Self, String> {
        if text == "log:" {
            return Ok(Self::Log);
        }
        if let Some(path) = text.strip_prefix("dir:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() {
                Err("expected the path of a directory after dir:".to_owned())
            } else {
                Ok(Self::Dir(PathBuf::from(path)))
            };
        }
        if !text.starts_with("smtp://") && !text.starts_with("smtps://") {
            return Err(WANTED.to_owned());
        }
        smtp(&Server::parse(text, &RULES)?).map(Self::Smtp)
    }

    /// Whether a text is a mail URL with a password.
    pub(in crate::config) fn carries_password(text: &str) -> bool {
        matches!(Self::parse(text), Ok(Self::Smtp(SmtpUrl { login: Some(_), .. })))
    }
}

fn smtp(url: &Server) -> Result<SmtpUrl, String> {
    let implicit = url.scheme == "smtps";
    let (host, port) = match url.addresses(if implicit { 465 } else { 587 }).as_slice() {
        [] => return Err(NO_HOST.to_owned()),
        [one] => one.clone(),
        [..] => return Err(SEVERAL.to_owned()),
    };
    if !url.path.trim_matches('/').is_empty() {
        return Err(PATH.to_owned());
    }
    let login = match (url.user.clone(), url.password.clone()) {
        (None, None) => None,
        (Some(user), Some(password)) => Some((user, password)),
        _ => return Err(HALF.to_owned()),
    };
    let tls = match (url.parameter("tls"), implicit) {
        (None, true) => SmtpTls::Implicit,
        // An attacker between the two could remove STARTTLS from the server's offer and read the password.
        (None, false) if login.is_some() => SmtpTls::Required,
        (None, false) => SmtpTls::Opportunistic,
        (Some(tls), false) => word("tls", tls, TLS)?,
        (Some(_), true) => return Err(IMPLICIT.to_owned()),
    };
    Ok(SmtpUrl { host, port, tls, login })
}

impl fmt::Display for MailUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dir(folder) => write!(f, "dir:{}", folder.display()),
            Self::Log => f.write_str("log:"),
            Self::Smtp(url) => fmt::Display::fmt(url, f),
        }
    }
}

impl fmt::Display for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, tls, login } = self;
        f.write_str(if *tls == SmtpTls::Implicit { "smtps://" } else { "smtp://" })?;
        if let Some((user, _)) = login {
            write!(f, "{user}:****@")?;
        }
        if host.contains(':') {
            write!(f, "[{host}]:{port}")?;
        } else {
            write!(f, "{host}:{port}")?;
        }
        match tls {
            SmtpTls::Required => f.write_str("?tls=required"),
            SmtpTls::None => f.write_str("?tls=none"),
            SmtpTls::Implicit | SmtpTls::Opportunistic => Ok(()),
        }
    }
}

impl fmt::Debug for MailUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn shown(text: &str) -> String {
        MailUrl::parse(text).unwrap().to_string()
    }

    #[test]
    fn the_scheme_tells_where_mails_go_and_the_password_is_never_shown() {
        for (text, wanted) in [
            ("dir:data/mail", "dir:data/mail"),
            ("dir:///var/mail", "dir:/var/mail"),
            ("log:", "log:"),
            ("smtp://mailpit:1025", "smtp://mailpit:1025"),
            ("smtp://relay", "smtp://relay:587"),
            ("smtp://relay/?tls=required", "smtp://relay:587?tls=required"),
            ("smtp://svc:hunter2@relay", "smtp://svc:****@relay:587?tls=required"),
            ("smtp://svc:hunter2@[::1]:25?tls=none", "smtp://svc:****@[::1]:25?tls=none"),
            ("smtps://svc%40example.com:hunter2@relay", "smtps://svc@example.com:****@relay:465"),
        ] {
            assert_eq!(shown(text), wanted);
            assert_eq!(MailUrl::carries_password(text), text.contains("hunter2"), "{text}");
            assert!(!format!("{:?}", MailUrl::parse(text)).contains("hunter2"));
        }
        let Ok(MailUrl::Smtp(url)) = MailUrl::parse("smtp://a%2Fb:p%40%3A%25@h") else { panic!() };
        let (user, password) = url.login.unwrap();
        assert_eq!((user.as_str(), password.expose_secret()), ("a/b", "p@:%"));
    }

    #[test]
    fn what_is_nowhere_for_mail_is_refused_without_showing_it() {
        for text in [
            "",
            "log",
            "off:",
            "dir:",
            "smtp:relay",
            "smtp://",
            "http://relay",
            "smtp://hunter2@relay",
            "smtp://:hunter2@relay",
            "smtp://svc:hunter2@relay/inbox",
            "smtp://svc:hunter2@relay?tls=perhaps",
            "smtp://svc:hunter2@relay?starttls=1",
            "smtps://svc:hunter2@relay?tls=none",
            "smtp://svc:a#hunter2@relay",
            "smtp://svc:a/hunter2@relay",
            "smtp://svc:%ffhunter2@relay",
            "smtp://svc:hunter2@relay:99999",
            "smtp://svc:hunter2@relay:0",
            "smtp://svc:hunter2%@relay",
        ] {
            let reason = MailUrl::parse(text).unwrap_err();
            assert!(!reason.contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn a_rejection_says_what_is_wanted_instead() {
        for (text, reason) in [
            ("relay", "expected dir:PATH, smtp://[USER"),
            ("smtp://", "no host: expected smtp://"),
            ("smtp://relay:port", "invalid URL of a mail server: expected smtp://"),
            ("smtp://relay/inbox", "a path is not allowed"),
            ("smtp://svc@relay", "expected both a user and a password, as in smtp://"),
            ("smtps://relay?tls=none", "parameters are not allowed: smtps://"),
            ("smtp://relay?tsl=none", "unknown parameter tsl; did you mean tls?"),
            ("smtp://relay?tls=requierd", "did you mean required?"),
            ("smtp://a,b", "several hosts"),
            ("smtp://relay:0", "port 0 is not valid"),
            ("smtp://a:%zz@relay", "invalid percent code"),
            ("smtp://::1", "IPv6 address without brackets"),
        ] {
            let reported = MailUrl::parse(text).unwrap_err();
            assert!(reported.starts_with(reason) || reported.ends_with(reason), "{text}: {reported}");
        }
    }
}
