//! Encryption of network connections.

use super::facts::Facts;
use crate::config::urls::{DatabaseTls, DatabaseUrl, MailUrl, Server, SmtpTls, SmtpUrl, is_loopback};

fn unencrypted(url: &DatabaseUrl) -> Option<String> {
    let is_plain = url.tls()? == DatabaseTls::Optional;
    is_plain.then(|| "the host is another machine, and the connection may be made without TLS".to_owned())
}

fn unverified(url: &DatabaseUrl) -> Option<String> {
    let is_unverified = url.tls()? == DatabaseTls::Unverified;
    is_unverified
        .then(|| "the certificate is not verified, so another server can impersonate the database".to_owned())
}

pub(super) fn database(facts: &Facts<'_>) -> Option<String> {
    unencrypted(&facts.draft.database.as_ref()?.url)
}

pub(super) fn direct_database(facts: &Facts<'_>) -> Option<String> {
    unencrypted(facts.draft.database.as_ref()?.direct_url.as_ref()?)
}

pub(super) fn unverified_database(facts: &Facts<'_>) -> Option<String> {
    unverified(&facts.draft.database.as_ref()?.url)
}

pub(super) fn unverified_direct_database(facts: &Facts<'_>) -> Option<String> {
    unverified(facts.draft.database.as_ref()?.direct_url.as_ref()?)
}

/// `scheme` is the scheme of a URL without TLS. It may be followed by a `+`.
fn plain(url: &Server, scheme: &str) -> Option<String> {
    let is_plain = url.scheme.split('+').next() == Some(scheme) && !url.is_local();
    is_plain.then(|| "the host is another machine, and the connection has no TLS".to_owned())
}

pub(super) fn cache(facts: &Facts<'_>) -> Option<String> {
    plain(facts.draft.cache.as_ref()?.url.server()?, "redis")
}

pub(super) fn queue(facts: &Facts<'_>) -> Option<String> {
    plain(facts.draft.queue.as_ref()?.url.server()?, "amqp")
}

pub(super) fn logged_mail(facts: &Facts<'_>) -> Option<String> {
    let is_logged = matches!(facts.draft.mail.as_ref()?.url, MailUrl::Log);
    is_logged.then(|| "log: writes mailed links, which give access to accounts, to the log".to_owned())
}

pub(super) fn mail_folder(facts: &Facts<'_>) -> Option<String> {
    let MailUrl::Dir(folder) = &facts.draft.mail.as_ref()?.url else { return None };
    Some(format!("mails are written to {} and are not sent", folder.display()))
}

pub(super) fn mail_password(facts: &Facts<'_>) -> Option<String> {
    let server = plain_mail(facts)?;
    server.login.is_some().then(|| "the password would be sent without TLS".to_owned())
}

/// The links in mails open accounts.
pub(super) fn mail(facts: &Facts<'_>) -> Option<String> {
    let server = plain_mail(facts)?;
    let said = || "the host is another machine, and mails with links may be sent without TLS".to_owned();
    server.login.is_none().then(said)
}

fn plain_mail<'a>(facts: &Facts<'a>) -> Option<&'a SmtpUrl> {
    let MailUrl::Smtp(server) = &facts.draft.mail.as_ref()?.url else { return None };
    let is_plain = matches!(server.tls, SmtpTls::None | SmtpTls::Opportunistic);
    (is_plain && !is_loopback(&server.host)).then_some(server)
}
