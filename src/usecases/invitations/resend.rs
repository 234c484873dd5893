use std::sync::Arc;

use super::find_invited::lock_invited;
use crate::domain::{Actor, InvitedUser, RegistrationMode, UserId, UserRef};
use crate::ports::Store;
use crate::usecases::failure::errors;
use crate::usecases::journal::Journal;
use crate::usecases::mail::invite::Inviter;
use crate::usecases::rules::find_user::find_user;
use crate::usecases::rules::guard::Guard;

/// Sends the mail of an invitation again.
pub struct ResendInvitation {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) inviter: Inviter,
    pub(in crate::usecases) guard: Guard,
    pub(in crate::usecases) journal: Journal,
    pub(in crate::usecases) registration_mode: RegistrationMode,
}

errors! {
    /// Why no mail was requested.
    pub enum ResendInvitationError {
        // The settings do not let the actor let a person in.
        Closed = "accounts cannot be created in this way",
        // There is no such user, or they are not invited.
        NotFound = "there is no such invitation",
    }
}

impl ResendInvitation {
    /// Requests another mail with a new token, which is valid as long as the first one was. The token of the
    /// earlier mail is refused from then on.
    pub async fn run(&self, user: &UserRef, actor: Actor) -> Result<InvitedUser, ResendInvitationError> {
        if !self.registration_mode.lets_create(actor) {
            return Err(ResendInvitationError::Closed);
        }
        let found = find_user(&*self.store, user).await?.ok_or(ResendInvitationError::NotFound)?;
        self.guard.invite(actor, &found.email).await?;
        let sent = self.send(found.id, actor).await;
        if sent.is_err() {
            self.guard.did_not_invite(actor, &found.email).await;
        }
        sent
    }

    async fn send(&self, id: UserId, actor: Actor) -> Result<InvitedUser, ResendInvitationError> {
        let mut work = self.store.begin().await?;
        let user = lock_invited(&mut *work, id).await?.ok_or(ResendInvitationError::NotFound)?;
        let now = self.journal.now();
        let invitation = self.inviter.invite(&mut *work, &self.journal, &user, actor, now).await?;
        work.commit().await?;
        Ok(InvitedUser { user, invitation })
    }
}
