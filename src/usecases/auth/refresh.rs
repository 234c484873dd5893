use std::net::IpAddr;
use std::sync::Arc;

use super::undelivered_refreshes::UndeliveredRefreshes;
use crate::domain::{
    Actor, Client, EndedSession, EventKind, RefreshVerdict, Revocation, RevocationReason, RevokedSession,
    Session, SessionState, Timestamp, User,
};
use crate::ports::store::{Rotated, Rotation};
use crate::ports::{Door, Outcome, PresentedRefreshToken, Store};
use crate::usecases::failure::{Failure, errors};
use crate::usecases::journal::Journal;
use crate::usecases::rules::guard::Guard;
use crate::usecases::rules::token_pair::{TokenIssuer, TokenPair, TokenUser};

/// Rotates a refresh token and issues a new access token.
///
/// Idempotent: within the grace period the previous token is answered with the same successor, so a lost
/// response or a client that refreshes concurrently does not end the session. If the response was lost
/// between the database and the service, the grace period lasts until the successor is used. Any other use of
/// a replaced token is reuse and revokes the session (RFC 9700, section 4.14.2).
pub struct Refresh {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) tokens: TokenIssuer,
    pub(in crate::usecases) undelivered_refreshes: Arc<UndeliveredRefreshes>,
    pub(in crate::usecases) guard: Guard,
    pub(in crate::usecases) journal: Journal,
}

errors! {
    /// Why no tokens were issued.
    pub enum RefreshError {
        InvalidToken = "the refresh token is not valid",
        TokenReused = "the refresh token was already used, so its session was ended",
        SessionRevoked = "the session was ended",
        SessionExpired = "the session has expired",
        AudienceNotServed = "access tokens are no longer issued for the audience of the session",
    }
}

impl Refresh {
    /// Rotates the token, repeats the last rotation or refuses.
    pub async fn run(&self, token: &str, client: Client) -> Result<TokenPair, RefreshError> {
        let Some(presented) = self.tokens.refresh_tokens.read(token) else {
            self.guard.invalid_token(Door::Refresh, client.address).await?;
            return Err(RefreshError::InvalidToken);
        };
        self.guard.present_refresh_token(Door::Refresh, client.address, presented.session_id).await?;
        loop {
            // Check first that a key can sign: a token must not be consumed if the request cannot be
            // answered.
            self.tokens.access_tokens.check().await?;
            let now = self.journal.now();
            self.check_ban(&presented, client.address, now).await?;
            let rotation = Rotation {
                session_id: presented.session_id,
                generation: presented.generation,
                salt: presented.salt,
                client: client.clone(),
                at: now,
                idle_expires_at: now.plus(self.tokens.lifetimes.idle),
                audiences: Arc::clone(&self.tokens.audiences),
                reads_user: !self.tokens.user_claims.is_empty(),
            };
            let delivery = self.undelivered_refreshes.delivery(presented.session_id, presented.generation);
            let rotated = self.store.rotations().rotate(&rotation).await?;
            if let Some(Rotated { session, role, user }) = rotated {
                let user = TokenUser { role, user: user.as_ref() };
                let pair = self.tokens.pair(&session, user, now).await?;
                delivery.completed();
                return Ok(pair);
            }
            delivery.completed();
            let (session, user) = self.find(&presented, client.address, now).await?;
            match session.judge(presented.generation, now, self.tokens.lifetimes.grace) {
                // The statement did not rotate it: the user was locked at that moment, or the database is
                // another one.
                RefreshVerdict::Rotate => {}
                RefreshVerdict::Repeat => return Ok(self.tokens.pair(&session, &user, now).await?),
                RefreshVerdict::Unknown => return Err(RefreshError::InvalidToken),
                RefreshVerdict::Reused
                    if session.is_previous(presented.generation) && self.was_lost(&session, now)? =>
                {
                    return Ok(self.tokens.pair(&session, &user, now).await?);
                }
                RefreshVerdict::Reused => {
                    self.end(&session, now).await?;
                    let (user, session) = (Some(session.user_id), Some(session.id));
                    self.guard.refused(Door::Refresh, client.address, Outcome::TokenReused, user, session);
                    return Err(RefreshError::TokenReused);
                }
            }
        }
    }

    /// Whether the newest refresh token could not be delivered, as far as this process knows. While other
    /// processes may know of further losses, the client is asked to retry: a session that is revoked by
    /// mistake cannot be restored.
    fn was_lost(&self, session: &Session, now: Timestamp) -> Result<bool, Failure> {
        if self.undelivered_refreshes.has_lost(session) {
            return Ok(true);
        }
        if self.undelivered_refreshes.is_uncertain(now) {
            return Err(Failure::Unavailable(
                "undelivered refreshes are being stored after an outage of the database".to_owned(),
            ));
        }
        Ok(false)
    }

    /// Refuses the token of a banned user before anything is consumed, so that the session continues after
    /// the ban. Runs only while any user is banned, because it has to look up the user. A token of another
    /// generation is left to the rotation.
    async fn check_ban(
        &self,
        presented: &PresentedRefreshToken,
        client: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<(), RefreshError> {
        if !self.guard.bans.has_users(now) {
            return Ok(());
        }
        let (session, user) = self.find(presented, client, now).await?;
        match session.judge(presented.generation, now, self.tokens.lifetimes.grace) {
            RefreshVerdict::Rotate | RefreshVerdict::Repeat => {
                Ok(self.guard.check_ban(Door::Refresh, client, user.id, Some(session.id))?)
            }
            RefreshVerdict::Unknown | RefreshVerdict::Reused => Ok(()),
        }
    }

    /// The live session that a token names, and its user.
    async fn find(
        &self,
        presented: &PresentedRefreshToken,
        client: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<(Session, User), RefreshError> {
        let found = self.store.sessions().find_with_user(presented.session_id).await?;
        let (session, user) =
            found.filter(|(session, _)| session.salt == presented.salt).ok_or(RefreshError::InvalidToken)?;
        match session.state(now) {
            // Revokes nothing: the session continues when the settings have its audience again.
            SessionState::Live
                if user.is_active() && !self.tokens.audiences.serves(session.audience.as_ref()) =>
            {
                let (user, session) = (Some(user.id), Some(session.id));
                self.guard.refused(Door::Refresh, client, Outcome::AudienceNotServed, user, session);
                Err(RefreshError::AudienceNotServed)
            }
            SessionState::Live if user.is_active() => Ok((session, user)),
            // Locking a user also revokes their sessions. This check holds even if a session was missed.
            SessionState::Live | SessionState::Revoked => {
                let (user, session) = (Some(user.id), Some(session.id));
                self.guard.refused(Door::Refresh, client, Outcome::SessionRevoked, user, session);
                Err(RefreshError::SessionRevoked)
            }
            SessionState::Expired => Err(RefreshError::SessionExpired),
        }
    }

    /// Revokes a session whose token was reused. Commits, although the request is refused.
    async fn end(&self, session: &Session, now: Timestamp) -> Result<(), Failure> {
        let mut work = self.store.begin().await?;
        work.users().lock(session.user_id).await?;
        let reason = RevocationReason::TokenReused;
        if work.sessions().revoke(session.id, Revocation { at: now, reason }).await? {
            let kinds = [
                EventKind::SessionReuseDetected(EndedSession(session.id)),
                EventKind::SessionRevoked(RevokedSession(session.id, reason)),
            ];
            for kind in kinds {
                self.journal.append(&mut *work, session.user_id, Actor::Service, now, kind).await?;
            }
        }
        Ok(work.commit().await?)
    }
}
