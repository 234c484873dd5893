use std::sync::Arc;

use super::failure::{Failure, fails};
use super::token_pair::{TokenIssuer, TokenPair};
use crate::domain::{
    Actor, Client, Event, EventKind, RefreshVerdict, Revocation, RevocationReason, Session, SessionState,
    Timestamp,
};
use crate::ports::store::Rotation;
use crate::ports::{Clock, Ids, PresentedRefreshToken, Store};

/// Trades a refresh token for its successor and a new access token.
///
/// Idempotent: the token before the newest one, within the grace, is answered with the same successor, so a lost
/// answer or a client that refreshes in parallel logs nobody out. Any older use is theft and ends the session
/// (RFC 9700, section 4.14.2).
pub struct RefreshSession {
    /// Keeps the session.
    pub store: Arc<dyn Store>,
    /// Makes the tokens.
    pub tokens: TokenIssuer,
    /// Tells when.
    pub clock: Arc<dyn Clock>,
    /// Names the events.
    pub ids: Arc<dyn Ids>,
}

/// Why there are no new tokens.
#[derive(Debug, thiserror::Error)]
pub enum RefreshSessionError {
    /// Not a refresh token of ours.
    #[error("the refresh token is not valid")]
    InvalidToken,
    /// It was used before; its session has ended now.
    #[error("the refresh token was used before, so its session has ended")]
    TokenReused,
    /// Its session was ended by hand.
    #[error("the session was ended")]
    SessionRevoked,
    /// Its session's time is over.
    #[error("the session has expired")]
    SessionExpired,
    /// The service could not.
    #[error(transparent)]
    Failed(Failure),
}
fails!(RefreshSessionError);

impl RefreshSession {
    /// Rotates, repeats or refuses.
    pub async fn run(&self, token: &str, client: Client) -> Result<TokenPair, RefreshSessionError> {
        let presented = self.tokens.refresh_tokens.read(token).ok_or(RefreshSessionError::InvalidToken)?;
        loop {
            let now = self.clock.now();
            let session = self.find(&presented, now).await?;
            let newest = match session.judge(presented.generation, now, self.tokens.lifetimes.grace) {
                RefreshVerdict::Rotate => self.rotate(&session, &client, now).await?,
                RefreshVerdict::Repeat => Some(session),
                RefreshVerdict::Unknown => return Err(RefreshSessionError::InvalidToken),
                RefreshVerdict::Reused => {
                    self.end(&session, now).await?;
                    return Err(RefreshSessionError::TokenReused);
                }
            };
            // Somebody else rotated between the two statements: what the token means now is judged anew.
            let Some(newest) = newest else { continue };
            let user =
                self.store.users().find(newest.user_id).await?.ok_or(RefreshSessionError::InvalidToken)?;
            // Locking a user ends their sessions too; this holds even if a session were missed.
            if !user.is_active() {
                return Err(RefreshSessionError::SessionRevoked);
            }
            return Ok(self.tokens.pair(&user, &newest, now).await?);
        }
    }

    /// The live session that a genuine token names.
    async fn find(
        &self,
        presented: &PresentedRefreshToken,
        now: Timestamp,
    ) -> Result<Session, RefreshSessionError> {
        let session = self.store.sessions().find(presented.session_id).await?;
        let session = session
            .filter(|session| self.tokens.refresh_tokens.is_genuine(presented, session.salt))
            .ok_or(RefreshSessionError::InvalidToken)?;
        match session.state(now) {
            SessionState::Live => Ok(session),
            SessionState::Revoked => Err(RefreshSessionError::SessionRevoked),
            SessionState::Expired => Err(RefreshSessionError::SessionExpired),
        }
    }

    async fn rotate(
        &self,
        session: &Session,
        client: &Client,
        now: Timestamp,
    ) -> Result<Option<Session>, Failure> {
        let rotation = Rotation {
            session: session.id,
            from: session.generation,
            now,
            idle_expires_at: now.plus(self.tokens.lifetimes.idle).min(session.absolute_expires_at),
            client: client.clone(),
        };
        Ok(self.store.sessions().rotate(&rotation).await?)
    }

    /// Ends a session whose token was stolen. This commits, though the answer is a refusal.
    async fn end(&self, session: &Session, now: Timestamp) -> Result<(), Failure> {
        let mut work = self.store.begin().await?;
        let reason = RevocationReason::TokenReused;
        if work.sessions().revoke(session.id, Revocation { at: now, reason }).await? {
            let kinds =
                [EventKind::SessionReuseDetected(session.id), EventKind::SessionRevoked(session.id, reason)];
            for kind in kinds {
                let actor = Actor::User(session.user_id);
                let event = Event::new(self.ids.uuid(), session.user_id, actor, now, kind);
                work.outbox().append(&event).await?;
            }
        }
        Ok(work.commit().await?)
    }
}
