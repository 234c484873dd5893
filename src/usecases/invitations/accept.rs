use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::{Account, Actor, EventKind, Invitation, NewPassword, RevocationReason, WeakPassword};
use crate::ports::{Door, MailTokens, Origin, PasswordHasher, Store, StoreError};
use crate::usecases::failure::errors;
use crate::usecases::journal::Journal;
use crate::usecases::rules::guard::Guard;
use crate::usecases::rules::mailed_password::set_mailed_password;
use crate::usecases::rules::revocation::{Revoking, begin_without_sessions};

/// Accepts an invitation: sets the first password of an invited user with the mailed token.
pub struct AcceptInvitation {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) mail_tokens: Arc<dyn MailTokens>,
    pub(in crate::usecases) guard: Guard,
    pub(in crate::usecases) hasher: Arc<dyn PasswordHasher>,
    pub(in crate::usecases) journal: Journal,
}

errors! {
    /// Why the password was not set.
    pub enum AcceptInvitationError {
        // Unknown, used, replaced or expired, or its invitation was revoked. Which of these is not disclosed.
        InvalidToken = "the token is not valid",
        // The token is still valid.
        WeakPassword(WeakPassword) = "{0}",
    }
}

impl AcceptInvitation {
    /// Sets the password and verifies the email address, since only its mailbox had the token. A locked user
    /// stays locked.
    pub async fn run(
        &self,
        client: Option<IpAddr>,
        token: &str,
        password: &NewPassword,
    ) -> Result<(), AcceptInvitationError> {
        self.guard.present_mailed_token(Door::AcceptInvitation, client).await?;
        let accepted = self.accept(client, token, password).await;
        if let Err(AcceptInvitationError::InvalidToken) = accepted {
            self.guard.invalid_mailed_token(Door::AcceptInvitation, client);
        }
        accepted
    }

    async fn accept(
        &self,
        client: Option<IpAddr>,
        token: &str,
        password: &NewPassword,
    ) -> Result<(), AcceptInvitationError> {
        let invitation = self.find(token).await?.ok_or(AcceptInvitationError::InvalidToken)?;
        if !invitation.is_good(self.journal.now()) {
            return Err(AcceptInvitationError::InvalidToken);
        }
        let id = invitation.user_id;
        // The token is not consumed: it may still be valid when the ban ends.
        self.guard.check_ban(Door::AcceptInvitation, client, id, None)?;
        let email = self.store.users().find(id).await?.ok_or(AcceptInvitationError::InvalidToken)?.email;
        if !invitation.is_for(&email) {
            return Err(AcceptInvitationError::InvalidToken);
        }
        password.check_against(&email).map_err(AcceptInvitationError::WeakPassword)?;
        let hash = self.hasher.hash(&Origin::new(client, &email), password.as_password()).await?;

        let (now, reason) = (self.journal.now(), RevocationReason::PasswordChanged);
        // The sessions are those that an operator opened for the user.
        let revoking = Revoking { user: id, except: None, actor: Actor::User(id), reason, at: now };
        let check = |locked: Option<Account>| {
            // A password may have been set in another way since the token was found, or by an older release,
            // which does not remove the invitation.
            let locked = locked.filter(|locked| !locked.password_hash.is_usable());
            let locked = locked.filter(|locked| locked.user.email.key() == email.key());
            locked.ok_or(AcceptInvitationError::InvalidToken)
        };
        let (mut work, locked) =
            begin_without_sessions(&*self.store, &self.journal, &revoking, check).await?;
        if !work.invitations().take(invitation.digest, now).await? {
            return Err(AcceptInvitationError::InvalidToken);
        }
        let changed = EventKind::UserInvitationAccepted;
        set_mailed_password(&mut *work, &self.journal, locked, (&hash, now), changed).await?;
        work.commit().await?;
        self.guard.forgive(client, &email).await;
        self.guard.allowed(Door::AcceptInvitation, client, id, None);
        Ok(())
    }

    /// Finds the invitation of a token, under whichever secret key in use it was issued.
    async fn find(&self, token: &str) -> Result<Option<Invitation>, StoreError> {
        for digest in self.mail_tokens.digests(token) {
            if let Some(invitation) = self.store.invitations().find(digest).await? {
                return Ok(Some(invitation));
            }
        }
        Ok(None)
    }
}
