use async_trait::async_trait;

use super::draft::{MAX_ATTEMPTS, MailPorts, data, draft, email};
use crate::domain::EventType;
use crate::ports::events::StoredEvent;
use crate::ports::{MailDraft, MailTopic};
use crate::worker::handlers::handler::{Handler, HandlerError, SideEffect, Subscription};

/// Notifies users by mail of security events: a changed password or email address, a suspected
/// attack, or a registration with their email address.
struct Notices(MailPorts);

pub(in crate::worker::handlers) fn notices(ports: &MailPorts) -> Handler {
    let types = &[
        EventType::UserPasswordChanged,
        EventType::UserEmailChangeRequested,
        EventType::UserEmailChanged,
        EventType::UserGuessingDetected,
        EventType::UserRegistrationRepeated,
        EventType::SessionReuseDetected,
    ];
    Handler::side_effect("mail_notices", Subscription::Types(types), Notices(ports.clone()))
        .with_max_attempts(MAX_ATTEMPTS)
}

impl Notices {
    /// Returns `None` for a deleted user, and for a repeated request to change the email address.
    async fn draft(&self, event: &StoredEvent) -> Result<Option<MailDraft>, HandlerError> {
        let Some(user) = self.0.store.users().find(event.subject.as_user()).await? else { return Ok(None) };
        let data = data(event)?;
        // To the email address at the time of the event: an attacker who took over an account changes it
        // next.
        let (to, subject) = match EventType::parse(&event.type_name) {
            Some(EventType::UserPasswordChanged) => (email(&data, "email")?, MailTopic::PasswordChanged),
            Some(EventType::UserEmailChangeRequested) if data["notice"] == false => return Ok(None),
            Some(EventType::UserEmailChangeRequested) => {
                let new_email = email(&data, "new_email")?;
                (email(&data, "email")?, MailTopic::EmailChangeRequested { new_email })
            }
            Some(EventType::UserEmailChanged) => {
                let new_email = email(&data, "email")?;
                (email(&data, "from")?, MailTopic::EmailChanged { new_email })
            }
            Some(EventType::UserGuessingDetected) => (email(&data, "email")?, MailTopic::GuessingDetected),
            Some(EventType::UserRegistrationRepeated) => {
                (email(&data, "email")?, MailTopic::RegistrationRepeated)
            }
            Some(EventType::SessionReuseDetected) => (user.email.clone(), MailTopic::SessionReuseDetected),
            _ => {
                let why = format!("there is no notice for {}", event.type_name);
                return Err(HandlerError::Permanent(why));
            }
        };
        Ok(Some(draft(event, to, &user, subject)))
    }
}

#[async_trait]
impl SideEffect for Notices {
    async fn perform(&self, event: &StoredEvent) -> Result<(), HandlerError> {
        match self.draft(event).await? {
            Some(draft) => self.0.send(&draft).await,
            None => Ok(()),
        }
    }
}
