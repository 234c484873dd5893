use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailCommand, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;

use super::message::{Sender, compose, recipient};
use super::reply::{Stage, Verdict, judge};
use crate::ports::inspection::{MailFacts, MailInspector};
use crate::ports::{Mail, MailError, Mailer};

/// The time limit of a mail, from the first byte to the server's acceptance, whatever the server does.
const DEADLINE: Duration = Duration::from_secs(8);
/// How long to wait for the answer to QUIT. The server has accepted the mail by then.
const FAREWELL: Duration = Duration::from_millis(500);
/// How many characters of a server's answer are passed on.
const LONGEST: usize = 300;

/// How to reach a server and how to log in.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// The name or address of the server, without brackets.
    pub host: String,
    /// The port of the server.
    pub port: u16,
    /// Whether the connection is encrypted.
    pub security: SmtpSecurity,
    /// How to log in; `None` sends mail without a log-in.
    pub login: Option<SmtpLogin>,
    /// The name in `EHLO`: the host of the public URL.
    pub hello: String,
}

/// Whether the connection to a server is encrypted. Its certificate must be valid by the authorities of the
/// system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// From the first byte (RFC 8314).
    Implicit,
    /// After STARTTLS (RFC 3207), or nothing is sent.
    Required,
    /// After STARTTLS if the server offers it.
    Opportunistic,
    /// Never.
    None,
}

/// How to log in to a server.
#[derive(Clone, Debug)]
pub struct SmtpLogin {
    /// The user name.
    pub user: String,
    /// The password.
    pub password: SecretString,
}

/// Sends over SMTP, each mail on a new connection: after a command that was interrupted, as by the deadline,
/// a reused connection would read the answers to the previous mail.
pub struct SmtpMailer {
    settings: SmtpSettings,
    sender: Sender,
    hello: ClientId,
    tls: TlsParameters,
}

impl SmtpMailer {
    /// Does not connect yet.
    pub fn new(settings: SmtpSettings, sender: Sender) -> Result<Self, String> {
        let tls = TlsParameters::builder(settings.host.clone())
            .build_rustls()
            .map_err(|error| words(&error, None))?;
        let hello = match settings.hello.trim_matches(['[', ']']).parse() {
            Ok(IpAddr::V4(address)) => ClientId::Ipv4(address),
            Ok(IpAddr::V6(address)) => ClientId::Ipv6(address),
            Err(_) => ClientId::Domain(settings.hello.clone()),
        };
        Ok(Self { settings, sender, hello, tls })
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, MailError> {
        let SmtpSettings { host, port, security, login, .. } = &self.settings;
        let at_once = (*security == SmtpSecurity::Implicit).then(|| self.tls.clone());
        let failed = |error| self.failure("connecting", Stage::Session, &words(&error, None), &error);
        let server = (host.as_str(), *port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(server, None, &self.hello, at_once, None)
            .await
            .map_err(failed)?;
        let starts = match security {
            SmtpSecurity::Implicit | SmtpSecurity::None => false,
            SmtpSecurity::Opportunistic => connection.can_starttls(),
            SmtpSecurity::Required if connection.can_starttls() => true,
            SmtpSecurity::Required => {
                return Err(self.temporary("no STARTTLS, which mail.url requires"));
            }
        };
        if starts {
            let failed = |error| self.failure("STARTTLS", Stage::Session, &words(&error, None), &error);
            connection.starttls(self.tls.clone(), &self.hello).await.map_err(failed)?;
        }
        if let Some(SmtpLogin { user, password }) = login {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            let failed = |error| self.failure("logging in", Stage::Session, &words(&error, None), &error);
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await.map_err(failed)?;
        }
        Ok(connection)
    }

    async fn hand_over(&self, to: Address, bytes: &[u8]) -> Result<AsyncSmtpConnection, MailError> {
        let mut connection = self.connect().await?;
        let mut parameters = Vec::new();
        // RFC 6531: an address with non-ASCII characters can be sent only to servers that support SMTPUTF8.
        if !AsRef::<str>::as_ref(&to).is_ascii() {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                // About the recipient: no attempt at this server can succeed.
                let reason = "it takes only ASCII addresses (no SMTPUTF8); replay the event when mail.url names a \
                              server that takes all";
                return Err(MailError::Permanent(self.reported(reason)));
            }
            parameters.push(MailParameter::SmtpUtfEight);
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let from = MailCommand::new(Some(self.sender.address().clone()), parameters);
        let named = to.to_string();
        let failed = |at, stage| {
            let named = &named;
            move |error: Error| self.failure(at, stage, &words(&error, Some(named)), &error)
        };
        connection.command(from).await.map_err(failed("sending the sender address", Stage::Session))?;
        connection
            .command(Rcpt::new(to, Vec::new()))
            .await
            .map_err(failed("sending the recipient address", Stage::Recipient))?;
        connection.command(Data).await.map_err(failed("sending the mail", Stage::Content))?;
        connection.message(bytes).await.map_err(failed("sending the mail", Stage::Content))?;
        Ok(connection)
    }

    fn failure(&self, at: &str, stage: Stage, words: &str, error: &Error) -> MailError {
        let reason = format!("{at}: {words}");
        match judge(stage, error) {
            Verdict::Recipient => MailError::Permanent(self.reported(&reason)),
            Verdict::Us => self.rejected(&reason),
            Verdict::Passing => self.temporary(&reason),
        }
    }

    /// Logs that the server refuses this service, which an operator has to fix. The mail is retried.
    fn rejected(&self, reason: &str) -> MailError {
        let reason = self.reported(reason);
        tracing::error!(reason, "mail server refuses this service");
        MailError::Temporary(reason)
    }

    fn temporary(&self, reason: &str) -> MailError {
        MailError::Temporary(self.reported(reason))
    }

    fn reported(&self, reason: &str) -> String {
        let SmtpSettings { host, port, .. } = &self.settings;
        if host.contains(':') {
            format!("the mail server [{host}]:{port}: {reason}")
        } else {
            format!("the mail server {host}:{port}: {reason}")
        }
    }
}

#[async_trait]
impl MailInspector for SmtpMailer {
    async fn inspect(&self) -> Result<MailFacts, MailError> {
        let connected = timeout(DEADLINE, self.connect()).await;
        let mut connection = connected
            .map_err(|_| self.temporary(&format!("no greeting or log-in within {DEADLINE:?}")))??;
        let is_encrypted = connection.is_encrypted();
        let takes_all_addresses = connection.server_info().supports_feature(Extension::SmtpUtfEight);
        let _ = timeout(FAREWELL, connection.quit()).await;
        let SmtpSettings { host, port, login, .. } = &self.settings;
        let is_local = host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
        Ok(MailFacts {
            server: format!("{host}:{port}"),
            is_encrypted,
            is_local,
            is_logged_in: login.is_some(),
            takes_all_addresses,
        })
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let (to, bytes) = (recipient(mail)?, compose(&self.sender, mail)?);
        let handed_over = timeout(DEADLINE, self.hand_over(to, &bytes)).await;
        let mut connection = handed_over
            .map_err(|_| self.temporary(&format!("the mail was not accepted within {DEADLINE:?}")))??;
        // The server has the mail; the answer to QUIT does not matter.
        let _ = timeout(FAREWELL, connection.quit()).await;
        Ok(())
    }
}

/// Returns the message of the library and the server, on one line. A filter may quote the link that it
/// rejected, and most servers quote the recipient: neither is for the log.
fn words(error: &Error, recipient: Option<&str>) -> String {
    let mut text = error.to_string();
    for beginning in ["#token", "svcm_"] {
        if let Some((before, _)) = text.split_once(beginning) {
            text = format!("{before}[redacted]");
        }
    }
    if let Some(recipient) = recipient {
        text = without(&text, recipient);
    }
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    line.trim().to_owned()
}

/// Removes an email address from a text. Servers may write it in lower case.
fn without(text: &str, address: &str) -> String {
    // Folding ASCII alone keeps the positions.
    let (folded, address) = (text.to_ascii_lowercase(), address.to_ascii_lowercase());
    let (mut kept, mut end) = (String::new(), 0);
    for (at, found) in folded.match_indices(&address) {
        kept.push_str(&text[end..at]);
        kept.push_str("[recipient]");
        end = at + found.len();
    }
    kept + &text[end..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_removed_wherever_it_is_quoted() {
        for (text, expected) in [
            ("<ada@example.com>: no, ADA@EXAMPLE.COM", "<[recipient]>: no, [recipient]"),
            ("<jürgen@exämple.com> ada@example.org", "<jürgen@exämple.com> ada@example.org"),
            ("", ""),
        ] {
            assert_eq!(without(text, "Ada@example.com"), expected);
        }
        assert_eq!(without("<JÜRGEN@x.y> jürgen@X.y", "jürgen@x.y"), "<JÜRGEN@x.y> [recipient]");
    }
}
