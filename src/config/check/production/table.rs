use super::facts::Facts;
use super::{bounds, claims, files, keys, links, networks, origins, passwords, transport};

/// One requirement of production for a setting.
pub(in crate::config) struct Rule {
    /// The setting, a colon and a word for the fault: the name in `production.accept`.
    pub(in crate::config) name: &'static str,
    pub(in crate::config) verdict: Verdict,
    /// The accepted values.
    pub(in crate::config) wants: &'static str,
    /// Returns the fault. `None` if there is none, or if the setting has an error of its own.
    pub(super) fault: fn(&Facts<'_>) -> Option<String>,
}

/// The consequence of a broken rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::config) enum Verdict {
    /// The service does not start.
    Refuse,
    /// The service starts and warns, unless `production.accept` names the rule.
    Warn,
}

use Verdict::{Refuse, Warn};

impl Rule {
    /// The key of the setting.
    pub(in crate::config) fn setting(&self) -> &'static str {
        self.name.split(':').next().unwrap_or(self.name)
    }
}

const fn rule(
    name: &'static str,
    verdict: Verdict,
    wants: &'static str,
    fault: fn(&Facts<'_>) -> Option<String>,
) -> Rule {
    Rule { name, verdict, wants, fault }
}

/// All production rules, in the order of `config/default.toml`.
pub(in crate::config) const RULES: &[Rule] = &[
    rule("server.metrics_listen:public", Warn, "an address that clients do not reach", networks::metrics),
    rule("server.public_url:unset", Warn, "the address that clients use", networks::no_public_url),
    rule("server.public_url:plaintext", Refuse, "https://, or a loopback host", networks::plain_public_url),
    rule(
        "server.trusted_proxies:wide",
        Refuse,
        "the networks of its proxies: none wider than /8 (IPv6: /16)",
        networks::wide_proxies,
    ),
    rule(
        "server.trusted_proxies:public",
        Warn,
        "no network of the internet wider than /16 (IPv6: /32)",
        networks::public_proxies,
    ),
    rule("server.allowed_origins:plaintext", Refuse, "https://, or a loopback host", origins::plain),
    rule("server.allowed_origins:loopback", Warn, "the origins of deployed applications", origins::loopback),
    rule(
        "server.allowed_origins:no-public-url",
        Refuse,
        "server.public_url with the https:// address that clients use",
        origins::no_public_url,
    ),
    rule("database.url:password", Refuse, "a password that cannot be guessed", passwords::database),
    rule("database.url:no-password", Refuse, "a password or a client certificate", passwords::no_database),
    rule("database.url:plaintext", Warn, "sslmode=verify-full", transport::database),
    rule("database.url:unverified", Warn, "sslmode=verify-full", transport::unverified_database),
    rule("database.url:readable", Warn, "mode 0600, in a folder of mode 0700", files::database),
    rule(
        "database.direct_url:password",
        Refuse,
        "a password that cannot be guessed",
        passwords::direct_database,
    ),
    rule(
        "database.direct_url:no-password",
        Refuse,
        "a password or a client certificate",
        passwords::no_direct_database,
    ),
    rule("database.direct_url:plaintext", Warn, "sslmode=verify-full", transport::direct_database),
    rule(
        "database.direct_url:unverified",
        Warn,
        "sslmode=verify-full",
        transport::unverified_direct_database,
    ),
    rule("cache.url:password", Refuse, "a password that cannot be guessed", passwords::cache),
    rule("cache.url:no-password", Refuse, "a password", passwords::no_cache),
    rule("cache.url:plaintext", Warn, "rediss://", transport::cache),
    rule("mail.url:log", Refuse, "smtp:// or smtps://", transport::logged_mail),
    rule("mail.url:password-plaintext", Refuse, "tls=required or smtps://", transport::mail_password),
    rule("mail.url:plaintext", Warn, "tls=required or smtps://", transport::mail),
    rule("mail.url:dir", Warn, "smtp:// or smtps://", transport::mail_folder),
    rule("mail.links.verify_email:loopback", Warn, "a page of the deployed application", links::verify_email),
    rule(
        "mail.links.reset_password:loopback",
        Warn,
        "a page of the deployed application",
        links::reset_password,
    ),
    rule(
        "mail.links.confirm_email:loopback",
        Warn,
        "a page of the deployed application",
        links::confirm_email,
    ),
    rule("mail.links.invitation:loopback", Warn, "a page of the deployed application", links::invitation),
    rule("account.return_url:loopback", Warn, "a page of the deployed application", links::return_url),
    rule("queue.url:password", Refuse, "a password that cannot be guessed", passwords::queue),
    rule("queue.url:no-password", Refuse, "a password", passwords::no_queue),
    rule("queue.url:plaintext", Warn, "amqps://", transport::queue),
    rule("security.secret_key:missing", Refuse, "what `openssl rand -base64 48` prints", keys::missing),
    rule("security.secret_key:typed", Refuse, "what `openssl rand -base64 48` prints", keys::typed),
    rule("security.secret_key:readable", Warn, "mode 0600", files::secret_key),
    rule(
        "security.previous_secret_key:typed",
        Refuse,
        "what `openssl rand -base64 48` prints",
        keys::previous_typed,
    ),
    rule("security.token.access_lifetime:long", Warn, "1h at most", bounds::access_lifetime),
    rule("security.token.refresh_idle:long", Warn, "90d at most", bounds::refresh_idle),
    rule("security.token.refresh_absolute:long", Warn, "365d at most", bounds::refresh_absolute),
    rule(
        "security.token.claims:metadata",
        Warn,
        "members of app_metadata, which administrators write",
        claims::written_by_user,
    ),
    rule("security.mail_token.verify_email:long", Warn, "7d at most", bounds::verify_email),
    rule("security.mail_token.reset_password:long", Warn, "1h at most", bounds::reset_password),
    rule("security.mail_token.invitation:long", Warn, "7d at most", bounds::invitation),
    rule(
        "security.password.memory_kib:low",
        Refuse,
        "one of OWASP's minima or more: 47104 KiB with 1 iteration, 19456 with 2, 12288 with 3, 9216 with 4, 7168 with 5",
        bounds::password_cost,
    ),
    rule("limits.enabled:off", Refuse, "rate limits: raise single budgets instead", bounds::no_limits),
    rule("limits.body_bytes:large", Warn, "1048576 at most", bounds::body_bytes),
    rule("limits.header_timeout:long", Warn, "1m at most", bounds::header_timeout),
    rule("limits.request_timeout:long", Warn, "5m at most", bounds::request_timeout),
];
