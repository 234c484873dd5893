//! What production refuses beyond what is wrong anywhere.

use secrecy::ExposeSecret;
use url::Url;

use crate::config::cache_url::CacheUrl;
use crate::config::database_url::{DatabaseUrl, is_loopback};
use crate::config::mail_url::{MailUrl, SmtpTls};
use crate::config::queue_url::QueueUrl;

/// The passwords that images, compose files and tutorials come with.
const DEFAULT_PASSWORDS: [&str; 6] = ["admin", "changeme", "password", "postgres", "root", "svc"];

/// Why anybody could log in to the database, if so.
pub(super) fn guessable_password(url: &DatabaseUrl) -> Option<&'static str> {
    let login = url.login()?;
    match &login.password {
        Some(password) => {
            let password = password.expose_secret();
            let guessable =
                password == login.user || DEFAULT_PASSWORDS.contains(&password.to_lowercase().as_str());
            guessable.then_some("its password is one that is tried first; production wants another")
        }
        None if login.local || login.certificate => None,
        None => Some("it has no password, and its host is another machine; production wants one"),
    }
}

/// Why anybody could log in to the cache, if so.
pub(super) fn guessable_cache_password(url: &CacheUrl) -> Option<&'static str> {
    let url = url.server()?;
    match url.password() {
        Some(password) if DEFAULT_PASSWORDS.contains(&password.to_lowercase().as_str()) => {
            Some("its password is one that is tried first; production wants another")
        }
        Some(_) => None,
        None if url.host_str().is_some_and(is_loopback) => None,
        None => Some("it has no password, and its host is another machine; production wants one"),
    }
}

/// Why mails would give away what opens an account, if so.
pub(super) fn careless_mail(url: &MailUrl) -> Option<&'static str> {
    match url {
        MailUrl::Dir(_) => None,
        MailUrl::Log => {
            Some("log: writes links that open accounts into the log; production wants smtp:// or smtps://")
        }
        MailUrl::Smtp(server) => {
            (server.login.is_some() && server.tls == SmtpTls::None && !is_loopback(&server.host)).then_some(
                "its password would cross the network without TLS; production wants tls=required or smtps://",
            )
        }
    }
}

/// Why anybody could read and write events, if so. Where no password is given, `guest` is it, whom RabbitMQ lets in from
/// its own machine alone.
pub(super) fn guessable_queue_password(url: &QueueUrl) -> Option<&'static str> {
    let url = url.server()?;
    if url.host_str().is_some_and(is_loopback) {
        return None;
    }
    let Some(password) = url.password() else {
        return Some("it has no password, and its host is another machine; production wants one");
    };
    let lower = password.to_lowercase();
    let guessable = password == url.username() || lower == "guest" || DEFAULT_PASSWORDS.contains(&&*lower);
    guessable.then_some("its password is one that is tried first; production wants another")
}

/// Whether what is sent to a URL crosses a network without TLS.
pub(super) fn is_exposed(url: &Url) -> bool {
    url.scheme() != "https" && !url.host_str().is_some_and(is_loopback)
}
