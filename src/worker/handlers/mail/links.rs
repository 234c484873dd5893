use async_trait::async_trait;

use super::{MAX_ATTEMPTS, MailPorts, letter};
use crate::domain::MailPurpose;
use crate::ports::events::StoredEvent;
use crate::ports::{MailDraft, MailLink, MailTopic, UnitOfWork};
use crate::worker::handlers::{Handler, HandlerError};

/// Sends links with which users verify an email address, set a new password or confirm a new email address.
pub(in crate::worker::handlers) struct Links {
    ports: MailPorts,
    name: &'static str,
    purposes: &'static [MailPurpose],
}

/// The kind of link that an event type requests.
fn purpose(type_name: &str) -> Option<MailPurpose> {
    match type_name {
        "svc.user.registered.v1" | "svc.user.verification_requested.v1" => Some(MailPurpose::VerifyEmail),
        "svc.user.password_reset_requested.v1" => Some(MailPurpose::ResetPassword),
        "svc.user.email_change_requested.v1" => Some(MailPurpose::ChangeEmail),
        _ => None,
    }
}

impl Links {
    /// Links that verify an email address.
    pub(in crate::worker::handlers) const fn to_verify(ports: MailPorts) -> Self {
        let purposes = &[MailPurpose::VerifyEmail, MailPurpose::ChangeEmail];
        Self { ports, name: "mail", purposes }
    }

    /// Links to set a new password. Separate from the others, so that a user who cannot log in does not wait
    /// for mails that strangers requested.
    pub(in crate::worker::handlers) const fn to_reset(ports: MailPorts) -> Self {
        Self { ports, name: "mail_resets", purposes: &[MailPurpose::ResetPassword] }
    }

    /// Returns `None` if the link would be useless: its token was used, replaced by a newer one or has
    /// expired, the user was deleted, or the email address is verified already. A user who was created as
    /// verified never had a token.
    async fn letter(&self, event: &StoredEvent) -> Result<Option<MailDraft>, HandlerError> {
        let MailPorts { store, tokens, clock, .. } = &self.ports;
        let Some(purpose) = purpose(&event.type_name) else { return Ok(None) };
        let mut issued = None;
        for minted in tokens.mint(event.id, purpose) {
            if let Some(stored) = store.mail_tokens().find(minted.digest).await? {
                issued = Some((minted.token, stored));
                break;
            }
        }
        let Some((token, noted)) = issued else { return Ok(None) };
        let Some(user) = store.users().find(event.subject.as_user()).await? else { return Ok(None) };
        let verified = purpose == MailPurpose::VerifyEmail && user.email_verified;
        if verified || !noted.is_good(clock.now()) {
            return Ok(None);
        }
        let link = MailLink { token, expires_at: noted.expires_at };
        let subject = match purpose {
            MailPurpose::VerifyEmail => MailTopic::VerifyEmail(link),
            MailPurpose::ResetPassword => MailTopic::ResetPassword(link),
            // This email address is not verified, so the name is omitted.
            MailPurpose::ChangeEmail => {
                let subject = MailTopic::ConfirmEmail(link);
                return Ok(Some(MailDraft { name: None, ..letter(event, noted.email, &user, subject) }));
            }
        };
        Ok(Some(letter(event, noted.email, &user, subject)))
    }
}

#[async_trait]
impl Handler for Links {
    fn name(&self) -> &'static str {
        self.name
    }

    fn subscribes_to(&self, type_name: &str) -> bool {
        purpose(type_name).is_some_and(|purpose| self.purposes.contains(&purpose))
    }

    fn max_attempts(&self) -> u32 {
        MAX_ATTEMPTS
    }

    fn has_side_effect(&self) -> bool {
        true
    }

    async fn run_side_effect(&self, event: &StoredEvent) -> Result<(), HandlerError> {
        match self.letter(event).await? {
            Some(letter) => self.ports.post(&letter).await,
            None => Ok(()),
        }
    }

    async fn handle(&self, _event: &StoredEvent, _work: &mut dyn UnitOfWork) -> Result<(), HandlerError> {
        Ok(())
    }
}
