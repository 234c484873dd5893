//! The log of authentication and authorization decisions.
//!
//! **Here**: [`TracedSecurityLog`], which writes one line per decision under the target `svc::security` and
//! counts it.
//!
//! **May use**: `ports`, `domain`, `telemetry`, aws-lc-rs and tracing.

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::adapters::tokens::secret_key::{Purpose, SecretKey};
use crate::domain::Email;
use crate::ports::{Decision, Outcome, SecurityLog};
use crate::telemetry::metrics::SecurityCounts;

/// Writes decisions to the log of the process and counts them.
pub struct TracedSecurityLog {
    emails: hmac::Key,
    counts: Arc<SecurityCounts>,
}

impl TracedSecurityLog {
    /// Creates a log that replaces email addresses of unknown accounts by a MAC under a key derived from the
    /// secret key. A reader of the log can tell which attempts used the same address, but not the address.
    /// People type passwords into that field.
    #[must_use]
    pub fn new(secret: &SecretKey, counts: Arc<SecurityCounts>) -> Self {
        Self { emails: secret.mac_key(Purpose::LoggedEmails), counts }
    }

    fn mac(&self, email: &Email) -> String {
        let mac = hmac::sign(&self.emails, email.key().as_bytes());
        URL_SAFE_NO_PAD.encode(&mac.as_ref()[..12])
    }
}

impl SecurityLog for TracedSecurityLog {
    fn record(&self, decision: &Decision<'_>) {
        let Decision { door, outcome, user, email, session, client } = *decision;
        self.counts.count(door, outcome);
        let outcome_word = if outcome == Outcome::Allowed { "allowed" } else { "refused" };
        tracing::info!(
            target: "svc::security",
            operation = door.as_str(),
            outcome = outcome_word,
            reason = (outcome != Outcome::Allowed).then(|| outcome.as_str()),
            user_id = user.map(tracing::field::display),
            email_mac = email.map(|email| self.mac(email)),
            session_id = session.map(tracing::field::display),
            client = client.map(tracing::field::display),
            "access decided"
        );
    }
}
