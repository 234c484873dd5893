use crate::domain::{Actor, EventKind, Invitation, MailPurpose, SentInvitation, Timestamp, User};
use crate::ports::UnitOfWork;
use crate::usecases::failure::Failure;
use crate::usecases::journal::Journal;
use crate::usecases::mail::token_issuer::MailTokenIssuer;

/// Requests the mail of an invitation.
#[derive(Clone)]
pub struct Inviter {
    pub(in crate::usecases) mail: MailTokenIssuer,
}

impl Inviter {
    /// Stores the invitation of a user without a password and appends the event that requests its mail. It
    /// replaces the earlier one of the user.
    pub(in crate::usecases) async fn invite(
        &self,
        work: &mut dyn UnitOfWork,
        journal: &Journal,
        user: &User,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Invitation, Failure> {
        let event_id = journal.id();
        let token = self.mail.issue(event_id, MailPurpose::AcceptInvitation, user.id, &user.email, now);
        let expires_at = token.expires_at;
        let invitation = Invitation {
            user_id: user.id,
            digest: token.digest,
            sent_to: Some(user.email.clone()),
            sent_at: now,
            expires_at,
        };
        work.invitations().put(&invitation).await?;
        let kind = EventKind::UserInvited(SentInvitation { user: user.clone(), expires_at });
        journal.append_as(work, event_id, user.id, actor, now, kind).await?;
        Ok(invitation)
    }
}
