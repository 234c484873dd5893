use async_trait::async_trait;

use super::{MAX_ATTEMPTS, MailPorts, data, email, letter};
use crate::ports::events::StoredEvent;
use crate::ports::{MailDraft, MailTopic, UnitOfWork};
use crate::worker::handlers::{Handler, HandlerError};

/// Notifies users by mail of security events: a changed password or email address, or a suspected attack.
pub(in crate::worker::handlers) struct Notices(pub MailPorts);

const PASSWORD_CHANGED: &str = "svc.user.password_changed.v1";
const CHANGE_REQUESTED: &str = "svc.user.email_change_requested.v1";
const EMAIL_CHANGED: &str = "svc.user.email_changed.v1";
const GUESSING_DETECTED: &str = "svc.user.guessing_detected.v1";
const REUSE_DETECTED: &str = "svc.session.reuse_detected.v1";

impl Notices {
    /// Returns `None` for a deleted user, and for a repeated request to change the email address.
    async fn letter(&self, event: &StoredEvent) -> Result<Option<MailDraft>, HandlerError> {
        let Some(user) = self.0.store.users().find(event.subject.as_user()).await? else { return Ok(None) };
        let data = data(event)?;
        // To the email address at the time of the event: an attacker who took over an account changes it
        // next.
        let (to, subject) = match event.type_name.as_str() {
            PASSWORD_CHANGED => (email(&data, "email")?, MailTopic::PasswordChanged),
            CHANGE_REQUESTED if data["notice"] == false => return Ok(None),
            CHANGE_REQUESTED => {
                let new_email = email(&data, "new_email")?;
                (email(&data, "email")?, MailTopic::EmailChangeRequested { new_email })
            }
            EMAIL_CHANGED => {
                let new_email = email(&data, "email")?;
                (email(&data, "from")?, MailTopic::EmailChanged { new_email })
            }
            GUESSING_DETECTED => (email(&data, "email")?, MailTopic::GuessingDetected),
            _ => (user.email.clone(), MailTopic::SessionReuseDetected),
        };
        Ok(Some(letter(event, to, &user, subject)))
    }
}

#[async_trait]
impl Handler for Notices {
    fn name(&self) -> &'static str {
        "mail_notices"
    }

    fn subscribes_to(&self, type_name: &str) -> bool {
        [PASSWORD_CHANGED, CHANGE_REQUESTED, EMAIL_CHANGED, GUESSING_DETECTED, REUSE_DETECTED]
            .contains(&type_name)
    }

    fn max_attempts(&self) -> u32 {
        MAX_ATTEMPTS
    }

    fn has_side_effect(&self) -> bool {
        true
    }

    async fn run_side_effect(&self, event: &StoredEvent) -> Result<(), HandlerError> {
        match self.letter(event).await? {
            Some(letter) => self.0.post(&letter).await,
            None => Ok(()),
        }
    }

    async fn handle(&self, _event: &StoredEvent, _work: &mut dyn UnitOfWork) -> Result<(), HandlerError> {
        Ok(())
    }
}
