use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::{Actor, RevocationReason};
use crate::ports::{Clock, Door, Ids, RefreshTokens, Store};
use crate::usecases::failure::{Failure, fails};
use crate::usecases::rules::guard::Guard;
use crate::usecases::sessions::revoke::revoke_session;

/// Ends the session that a refresh token belongs to.
pub struct LogOut {
    /// Keeps the session.
    pub store: Arc<dyn Store>,
    /// Reads the token.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// Limits invalid tokens.
    pub guard: Guard,
    /// Tells when.
    pub clock: Arc<dyn Clock>,
    /// Names the event.
    pub ids: Arc<dyn Ids>,
}

/// Why nobody was logged out.
#[derive(Debug, thiserror::Error)]
pub enum LogOutError {
    /// Not a refresh token of ours.
    #[error("the refresh token is not valid")]
    InvalidToken,
    /// The service could not.
    #[error(transparent)]
    Failed(Failure),
}
fails!(LogOutError);

impl LogOut {
    /// Ends the session; done already is done. A replaced token of the session ends it too: whoever holds it,
    /// ending is safe.
    pub async fn run(&self, token: &str, client: Option<IpAddr>) -> Result<(), LogOutError> {
        let Some(presented) = self.refresh_tokens.read(token) else {
            self.guard.invalid_token(Door::LogOut, client).await?;
            return Err(LogOutError::InvalidToken);
        };
        self.guard.present_refresh_token(Door::LogOut, client, presented.session_id).await?;
        // The session is gone with its user: there is nothing left to end.
        let Some(session) = self.store.sessions().find(presented.session_id).await? else { return Ok(()) };
        if session.salt != presented.salt {
            return Err(LogOutError::InvalidToken);
        }
        if session.revoked.is_some() {
            return Ok(());
        }
        let (actor, reason) = (Actor::User(session.user_id), RevocationReason::LoggedOut);
        revoke_session(&*self.store, &*self.ids, &session, actor, reason, self.clock.now()).await?;
        Ok(())
    }
}
