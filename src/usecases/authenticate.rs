use std::sync::Arc;

use super::failure::{Failure, fails};
use crate::domain::{Actor, Role, Session, SessionState, User};
use crate::ports::{AccessTokenError, AccessTokens, Clock, Store};

/// Tells who holds an access token, and whether the session behind it still lives.
pub struct Authenticate {
    /// Knows the session and the user.
    pub store: Arc<dyn Store>,
    /// Verifies the token.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// Who makes a request.
#[derive(Clone, Debug)]
pub struct Principal {
    /// As the store knows them now, not as the token remembers them.
    pub user: User,
    /// The session that the token belongs to.
    pub session: Session,
}

/// The user is not an administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("only an administrator may do this")]
pub struct Forbidden;

impl Principal {
    /// Passes administrators only.
    pub fn require_admin(&self) -> Result<(), Forbidden> {
        match self.user.role {
            Role::Admin => Ok(()),
            Role::User => Err(Forbidden),
        }
    }

    /// The principal as the cause of an event.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::User(self.user.id)
    }
}

/// Why nobody is behind a token.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// Not an access token of ours that is good now.
    #[error("the access token is not valid")]
    InvalidToken,
    /// Its session was ended.
    #[error("the session was ended")]
    SessionRevoked,
    /// Its session's time is over.
    #[error("the session has expired")]
    SessionExpired,
    /// The service could not.
    #[error(transparent)]
    Failed(Failure),
}
fails!(AuthenticateError);

impl Authenticate {
    /// Verifies the token, then looks its session and user up.
    pub async fn run(&self, token: &str) -> Result<Principal, AuthenticateError> {
        let claims = match self.access_tokens.verify(token).await {
            Err(AccessTokenError::Invalid) => return Err(AuthenticateError::InvalidToken),
            other => other?,
        };
        let session = self.store.sessions().find(claims.session_id).await?;
        let session = session
            .filter(|session| session.user_id == claims.user_id)
            .ok_or(AuthenticateError::InvalidToken)?;
        match session.state(self.clock.now()) {
            SessionState::Live => {}
            SessionState::Revoked => return Err(AuthenticateError::SessionRevoked),
            SessionState::Expired => return Err(AuthenticateError::SessionExpired),
        }
        let user = self.store.users().find(claims.user_id).await?.ok_or(AuthenticateError::InvalidToken)?;
        // Locking a user ends their sessions too; this holds even if a session were missed.
        if user.is_active() {
            Ok(Principal { user, session })
        } else {
            Err(AuthenticateError::SessionRevoked)
        }
    }
}
