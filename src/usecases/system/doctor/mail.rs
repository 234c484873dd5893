use std::sync::Arc;

use async_trait::async_trait;

use super::check::DoctorCheck;
use super::finding::Finding;
use crate::ports::MailError;
use crate::ports::inspection::{MailFacts, MailInspector};

const NAME: &str = "mail";

/// Checks the mail server.
pub(super) struct MailCheck {
    pub mail: Arc<dyn MailInspector>,
}

#[async_trait]
impl DoctorCheck for MailCheck {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn run(&self) -> Vec<Finding> {
        vec![match self.mail.inspect().await {
            Ok(facts) => judge(&facts),
            Err(MailError::Temporary(reason) | MailError::Permanent(reason)) => Finding::fail(
                NAME,
                reason,
                "no mail is sent: users can neither verify an address nor reset a password",
                "check the host, the port, the user and the password in mail.url, and whether the server offers \
                 STARTTLS where mail.url requires it",
            ),
        }]
    }
}

fn judge(facts: &MailFacts) -> Finding {
    let tls = if facts.is_encrypted { "TLS" } else { "no TLS" };
    let login = if facts.is_logged_in { "logged in" } else { "no log-in" };
    let addresses = if facts.takes_all_addresses { "SMTPUTF8" } else { "ASCII addresses only" };
    let measured = format!("{}: {tls}, {login}, {addresses}; nothing was sent", facts.server);
    if facts.is_encrypted || facts.is_local {
        return Finding::ok(NAME, measured);
    }
    Finding::warn(
        NAME,
        measured,
        "mails travel in clear text, and their links open accounts",
        "use smtps:// in mail.url, or add ?tls=required",
    )
}

#[cfg(test)]
mod tests {
    use super::super::finding::FindingState::{Ok, Warn};
    use super::*;

    #[test]
    fn only_a_server_on_this_machine_may_do_without_tls() {
        for (is_encrypted, is_local, state) in
            [(true, false, Ok), (true, true, Ok), (false, true, Ok), (false, false, Warn)]
        {
            let (server, is_logged_in, takes_all_addresses) = ("mail:25".to_owned(), false, false);
            let facts = MailFacts { server, is_encrypted, is_local, is_logged_in, takes_all_addresses };
            assert_eq!(judge(&facts).state, state, "{facts:?}");
        }
    }
}
