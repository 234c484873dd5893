//! Mails about events.
//!
//! **Here**: three handlers, so that each sends at most one mail per event and none delays another: `links`,
//! twice (to verify an email address, and to set a new password) and `notices` (security notices). This file
//! has what they share: rendering and sending a letter.
//!
//! **May use**: `ports`, `domain`, `telemetry`, and `serde_json` to read the data of events.
//!
//! **To add a mail**: a line in one of the two, and its texts in `adapters/mail/templates`.

mod links;
mod notices;

use std::sync::Arc;

use serde_json::Value;

pub(super) use links::{links, resets};
pub(super) use notices::notices;

use super::HandlerError;
use crate::domain::{DisplayName, Email, User};
use crate::ports::events::StoredEvent;
use crate::ports::{Clock, MailDraft, MailError, MailTemplates, MailTokens, MailTopic, Mailer, Store};
use crate::telemetry::metrics::MailCounts;

/// The maximum number of attempts to send a mail. They take three to six hours, so that a long outage of the
/// mail server loses none.
const MAX_ATTEMPTS: u32 = 16;

/// The ports for rendering and sending mails.
#[derive(Clone)]
#[expect(missing_docs, reason = "each is documented where it is declared")]
pub struct MailPorts {
    pub store: Arc<dyn Store>,
    pub tokens: Arc<dyn MailTokens>,
    pub letters: Arc<dyn MailTemplates>,
    pub mailer: Arc<dyn Mailer>,
    pub clock: Arc<dyn Clock>,
    pub counts: Arc<MailCounts>,
}

impl MailPorts {
    async fn post(&self, letter: &MailDraft) -> Result<(), HandlerError> {
        let mail = self.letters.write(letter).map_err(|error| HandlerError::Failed(error.to_string()))?;
        let sent = self.mailer.send(&mail).await;
        let count = match &sent {
            Ok(()) => &self.counts.sent,
            Err(MailError::Temporary(_)) => &self.counts.failed,
            Err(MailError::Permanent(_)) => &self.counts.refused,
        };
        count.add(1);
        sent?;
        tracing::debug!(message_id = mail.message_id, "mail sent");
        Ok(())
    }
}

/// A letter about an event.
fn letter(event: &StoredEvent, to: Email, user: &User, subject: MailTopic) -> MailDraft {
    MailDraft { event_id: event.id, at: event.at, to, name: name(user), subject }
}

/// See [`MailDraft::name`].
fn name(user: &User) -> Option<DisplayName> {
    user.name.clone().filter(|_| user.email_verified)
}

/// Parses the data of an event.
fn data(event: &StoredEvent) -> Result<Value, HandlerError> {
    let failed = |error| HandlerError::Permanent(format!("invalid data of the event: {error}"));
    serde_json::from_str(&event.data).map_err(failed)
}

/// An email address in the data.
fn email(data: &Value, member: &str) -> Result<Email, HandlerError> {
    let failed = |reason: String| {
        HandlerError::Permanent(format!("invalid {member} in the data of the event: {reason}"))
    };
    let text = data[member].as_str().ok_or_else(|| failed("missing".to_owned()))?;
    Email::parse(text).map_err(|error| failed(error.to_string()))
}
