use async_trait::async_trait;
use secrecy::SecretString;

use super::draft::{MAX_ATTEMPTS, MailPorts, draft};
use crate::domain::{Email, EventType, MailPurpose, Timestamp};
use crate::ports::events::StoredEvent;
use crate::ports::{MailDraft, MailLink, MailTopic};
use crate::worker::handlers::handler::{Handler, HandlerError, SideEffect, Subscription};

/// Sends links with which users verify an email address, set a new password, confirm a new email address or
/// accept an invitation.
struct Links(MailPorts);

/// Links that verify an email address.
pub(in crate::worker::handlers) fn links(ports: &MailPorts) -> Handler {
    let types = &[
        EventType::UserRegistered,
        EventType::UserVerificationRequested,
        EventType::UserEmailChangeRequested,
    ];
    Handler::side_effect("mail", Subscription::Types(types), Links(ports.clone()))
        .with_max_attempts(MAX_ATTEMPTS)
}

/// Links to set a new password. Separate from the others, so that a user who cannot log in does not wait for
/// mails that strangers requested.
pub(in crate::worker::handlers) fn resets(ports: &MailPorts) -> Handler {
    let types = &[EventType::UserPasswordResetRequested];
    Handler::side_effect("mail_resets", Subscription::Types(types), Links(ports.clone()))
        .with_max_attempts(MAX_ATTEMPTS)
}

/// Links to set the first password. Separate from the others, so that many invitations at once delay no user
/// who cannot log in, and strangers delay no invitation.
pub(in crate::worker::handlers) fn invitations(ports: &MailPorts) -> Handler {
    let types = &[EventType::UserInvited];
    Handler::side_effect("mail_invitations", Subscription::Types(types), Links(ports.clone()))
        .with_max_attempts(MAX_ATTEMPTS)
}

/// The kind of link that an event type requests.
fn purpose(type_name: &str) -> Option<MailPurpose> {
    match EventType::parse(type_name)? {
        EventType::UserRegistered | EventType::UserVerificationRequested => Some(MailPurpose::VerifyEmail),
        EventType::UserPasswordResetRequested => Some(MailPurpose::ResetPassword),
        EventType::UserEmailChangeRequested => Some(MailPurpose::ChangeEmail),
        EventType::UserInvited => Some(MailPurpose::AcceptInvitation),
        _ => None,
    }
}

impl Links {
    /// The token that the event requests, under whichever secret key in use its digest was stored.
    async fn issued(
        &self,
        event: &StoredEvent,
        purpose: MailPurpose,
    ) -> Result<Option<Issued>, HandlerError> {
        let MailPorts { store, tokens, .. } = &self.0;
        for minted in tokens.mint(event.id, purpose) {
            if purpose == MailPurpose::AcceptInvitation {
                if let Some(stored) = store.invitations().find(minted.digest).await? {
                    return Ok(Some((minted.token, stored.sent_to, stored.expires_at)));
                }
            } else if let Some(stored) = store.mail_tokens().find(minted.digest).await? {
                return Ok(Some((minted.token, Some(stored.email), stored.expires_at)));
            }
        }
        Ok(None)
    }

    /// Returns `None` if the link would be useless: its token was used, replaced by a newer one or has
    /// expired, the user was deleted or has another email address than the one that was invited, or the email
    /// address is verified already. A user who was created as verified never had a token.
    async fn draft(&self, event: &StoredEvent) -> Result<Option<MailDraft>, HandlerError> {
        let MailPorts { store, clock, .. } = &self.0;
        let purpose = purpose(&event.type_name)
            .ok_or_else(|| HandlerError::Permanent(format!("there is no link for {}", event.type_name)))?;
        let Some((token, to, expires_at)) = self.issued(event, purpose).await? else { return Ok(None) };
        let Some(user) = store.users().find(event.subject.as_user()).await? else { return Ok(None) };
        let verified = purpose == MailPurpose::VerifyEmail && user.email_verified;
        let moved = purpose == MailPurpose::AcceptInvitation
            && to.as_ref().is_some_and(|to| to.key() != user.email.key());
        if verified || moved || clock.now() >= expires_at {
            return Ok(None);
        }
        let link = MailLink { token, expires_at };
        let subject = match purpose {
            MailPurpose::VerifyEmail => MailTopic::VerifyEmail(link),
            MailPurpose::ResetPassword => MailTopic::ResetPassword(link),
            MailPurpose::AcceptInvitation => MailTopic::Invitation(link),
            // This email address is not verified, so the name is omitted.
            MailPurpose::ChangeEmail => {
                let subject = MailTopic::ConfirmEmail(link);
                return Ok(Some(MailDraft {
                    name: None,
                    ..draft(event, to.unwrap_or_else(|| user.email.clone()), &user, subject)
                }));
            }
        };
        Ok(Some(draft(event, to.unwrap_or_else(|| user.email.clone()), &user, subject)))
    }
}

/// A token whose digest is stored, the email address that it was issued for, if it is known, and its expiry.
type Issued = (SecretString, Option<Email>, Timestamp);

#[async_trait]
impl SideEffect for Links {
    async fn perform(&self, event: &StoredEvent) -> Result<(), HandlerError> {
        match self.draft(event).await? {
            Some(draft) => self.0.send(&draft).await,
            None => Ok(()),
        }
    }
}
