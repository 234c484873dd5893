use std::sync::Arc;

use super::failure::{Failure, fails};
use super::token_pair::{TokenIssuer, TokenPair};
use crate::domain::{
    Actor, Client, Event, EventKind, RefreshVerdict, Revocation, RevocationReason, Session, SessionState,
    Timestamp,
};
use crate::ports::store::Rotatable;
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
            // The key that signs comes first: what rotates may hold a connection, and must not wait for another one.
            self.tokens.access_tokens.check().await?;
            let now = self.clock.now();
            let (session, user, rotation) = self.find(&presented, now).await?;
            match session.judge(presented.generation, now, self.tokens.lifetimes.grace) {
                RefreshVerdict::Rotate => {
                    // All that can fail comes first, so that nothing is consumed that cannot be answered.
                    let next = session.rotated(client.clone(), now, self.tokens.lifetimes.idle);
                    let pair = self.tokens.pair(&user, &next, now).await?;
                    if rotation.rotate(session.generation, &next).await? {
                        return Ok(pair);
                    }
                    // Somebody else rotated between the two statements: what the token means now is judged anew.
                }
                RefreshVerdict::Repeat => return Ok(self.tokens.pair(&user, &session, now).await?),
                RefreshVerdict::Unknown => return Err(RefreshSessionError::InvalidToken),
                RefreshVerdict::Reused => {
                    drop(rotation);
                    self.end(&session, now).await?;
                    return Err(RefreshSessionError::TokenReused);
                }
            }
        }
    }

    /// The live session that a genuine token names, and its user.
    async fn find(
        &self,
        presented: &PresentedRefreshToken,
        now: Timestamp,
    ) -> Result<Rotatable, RefreshSessionError> {
        let found = self.store.sessions().find_to_rotate(presented.session_id).await?;
        let (session, user, rotation) = found
            .filter(|(session, ..)| self.tokens.refresh_tokens.is_genuine(presented, session.salt))
            .ok_or(RefreshSessionError::InvalidToken)?;
        match session.state(now) {
            // Locking a user ends their sessions too; this holds even if a session were missed.
            SessionState::Live if !user.is_active() => Err(RefreshSessionError::SessionRevoked),
            SessionState::Live => Ok((session, user, rotation)),
            SessionState::Revoked => Err(RefreshSessionError::SessionRevoked),
            SessionState::Expired => Err(RefreshSessionError::SessionExpired),
        }
    }

    /// Ends a session whose token was stolen. This commits, though the answer is a refusal.
    async fn end(&self, session: &Session, now: Timestamp) -> Result<(), Failure> {
        let mut work = self.store.begin().await?;
        work.users().lock(session.user_id).await?;
        let reason = RevocationReason::TokenReused;
        if work.sessions().revoke(session.id, Revocation { at: now, reason }).await? {
            let kinds =
                [EventKind::SessionReuseDetected(session.id), EventKind::SessionRevoked(session.id, reason)];
            for kind in kinds {
                let event = Event::new(self.ids.uuid(), session.user_id, Actor::Service, now, kind);
                work.outbox().append(&event).await?;
            }
        }
        Ok(work.commit().await?)
    }
}
