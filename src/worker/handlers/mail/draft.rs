use std::sync::Arc;

use serde_json::Value;

use crate::domain::{DisplayName, Email, Locale, User};
use crate::ports::events::StoredEvent;
use crate::ports::{Clock, MailDraft, MailError, MailTemplates, MailTokens, MailTopic, Mailer, Store};
use crate::telemetry::metrics::MailCounts;
use crate::telemetry::spans::Kind;
use crate::telemetry::trace;
use crate::worker::handlers::handler::HandlerError;

/// The maximum number of attempts to send a mail. They take three to six hours, so that a long outage of the
/// mail server loses none.
pub(super) const MAX_ATTEMPTS: u32 = 16;

/// The ports for rendering and sending mails.
#[derive(Clone)]
#[expect(missing_docs, reason = "each is documented where it is declared")]
pub struct MailPorts {
    pub store: Arc<dyn Store>,
    pub tokens: Arc<dyn MailTokens>,
    pub templates: Arc<dyn MailTemplates>,
    pub mailer: Arc<dyn Mailer>,
    pub clock: Arc<dyn Clock>,
    pub counts: Arc<MailCounts>,
}

impl MailPorts {
    /// Renders and sends a mail.
    pub(super) async fn send(&self, draft: &MailDraft) -> Result<(), HandlerError> {
        let mail = self.templates.write(draft).map_err(|error| HandlerError::Failed(error.to_string()))?;
        let mut span = trace::span(Kind::Client, || "send mail");
        span.set("svc.mail.id", || mail.message_id.clone());
        let sent = self.mailer.send(&mail).await;
        let count = match &sent {
            Ok(()) => &self.counts.sent,
            Err(MailError::Temporary(_)) => &self.counts.failed,
            Err(MailError::Permanent(_)) => &self.counts.refused,
        };
        count.add(1);
        match &sent {
            Ok(()) => {}
            Err(MailError::Temporary(_)) => span.fail("temporary"),
            Err(MailError::Permanent(_)) => span.fail("permanent"),
        }
        drop(span);
        sent?;
        tracing::debug!(message_id = mail.message_id, "mail sent");
        Ok(())
    }
}

/// A mail about an event.
pub(super) fn draft(event: &StoredEvent, to: Email, user: &User, subject: MailTopic) -> MailDraft {
    let locales = locales(event, user);
    MailDraft { event_id: event.id, at: event.at, to, name: name(user), locales, subject }
}

/// The languages of a mail, the best first: that of the user, then that of the request for the mail.
fn locales(event: &StoredEvent, user: &User) -> Vec<Locale> {
    let of_request = data(event).ok().and_then(|data| Locale::parse(data["language"].as_str()?).ok());
    user.locale.clone().into_iter().chain(of_request).collect()
}

/// See [`MailDraft::name`].
fn name(user: &User) -> Option<DisplayName> {
    user.name.clone().filter(|_| user.email_verified)
}

/// Parses the data of an event.
pub(super) fn data(event: &StoredEvent) -> Result<Value, HandlerError> {
    let failed = |error| HandlerError::Permanent(format!("invalid data of the event: {error}"));
    serde_json::from_str(&event.data).map_err(failed)
}

/// An email address in the data.
pub(super) fn email(data: &Value, member: &str) -> Result<Email, HandlerError> {
    let failed = |reason: String| {
        HandlerError::Permanent(format!("invalid {member} in the data of the event: {reason}"))
    };
    let text = data[member].as_str().ok_or_else(|| failed("missing".to_owned()))?;
    Email::parse(text).map_err(|error| failed(error.to_string()))
}
