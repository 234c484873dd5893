use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::{Actor, RevocationReason, Session};
use crate::ports::{AccessTokenError, AccessTokens, Door, RefreshTokens, Store};
use crate::usecases::failure::errors;
use crate::usecases::journal::Journal;
use crate::usecases::rules::guard::Guard;
use crate::usecases::rules::revocation::revoke_session;

/// Revokes the session of a refresh token, or of an access token.
pub struct LogOut {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) access_tokens: Arc<dyn AccessTokens>,
    pub(in crate::usecases) refresh_tokens: Arc<dyn RefreshTokens>,
    pub(in crate::usecases) guard: Guard,
    pub(in crate::usecases) journal: Journal,
}

errors! {
    /// Why the session was not revoked.
    pub enum LogOutError {
        InvalidToken = "the token is not valid",
    }
}

impl LogOut {
    /// Revokes the session. Succeeds if it is already revoked. A replaced token of the session revokes it
    /// too: that is safe, even if a thief presents the token.
    pub async fn run(&self, token: &str, client: Option<IpAddr>) -> Result<(), LogOutError> {
        let Some(presented) = self.refresh_tokens.read(token) else {
            self.guard.invalid_token(Door::LogOut, client).await?;
            return Err(LogOutError::InvalidToken);
        };
        self.guard.present_refresh_token(Door::LogOut, client, presented.session_id).await?;
        // The session was deleted with its user, so nothing has to be revoked.
        let Some(session) = self.store.sessions().find(presented.session_id).await? else { return Ok(()) };
        if session.salt != presented.salt {
            return Err(LogOutError::InvalidToken);
        }
        self.revoke(&session).await
    }

    /// Revokes the session of an access token, for a browser that has lost the refresh token. Succeeds if it
    /// is already revoked. It draws on no budget of changes, since a session ends only once.
    pub async fn run_by_access_token(&self, token: &str, client: Option<IpAddr>) -> Result<(), LogOutError> {
        let claims = match self.access_tokens.verify(token).await {
            Err(AccessTokenError::Invalid) => {
                self.guard.invalid_token(Door::LogOut, client).await?;
                return Err(LogOutError::InvalidToken);
            }
            Err(AccessTokenError::Expired) => return Err(LogOutError::InvalidToken),
            other => other?,
        };
        // The session was deleted with its user, so nothing has to be revoked.
        let Some(session) = self.store.sessions().find(claims.session_id).await? else { return Ok(()) };
        if session.user_id != claims.user_id {
            return Err(LogOutError::InvalidToken);
        }
        self.revoke(&session).await
    }

    async fn revoke(&self, session: &Session) -> Result<(), LogOutError> {
        if session.revoked.is_some() {
            return Ok(());
        }
        let (actor, reason) = (Actor::User(session.user_id), RevocationReason::LoggedOut);
        revoke_session(&*self.store, &self.journal, session, actor, reason).await?;
        Ok(())
    }
}
