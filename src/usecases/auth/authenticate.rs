use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::{Actor, Role, SessionId, SessionSnapshot, SessionState, User};
use crate::ports::{AccessClaims, AccessTokenError, AccessTokens, Cache, Clock, Door, Outcome, Store};
use crate::usecases::failure::{Failure, fails};
use crate::usecases::rules::guard::Guard;

/// Tells who holds an access token, and whether the session behind it still lives.
pub struct Authenticate {
    /// Knows the session and the user.
    pub cache: Arc<dyn Cache>,
    /// Knows them without delay.
    pub store: Arc<dyn Store>,
    /// Verifies the token.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Limits invalid tokens and changes.
    pub guard: Guard,
}

/// Who makes a request.
#[derive(Clone, Debug)]
pub struct Principal {
    /// As they are now, not as the token remembers them.
    pub user: Arc<User>,
    /// The session that the token belongs to.
    pub session_id: SessionId,
    /// The client's address.
    pub client: Option<IpAddr>,
}

/// The user is not an administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("only an administrator may do this")]
pub struct Forbidden;

impl Principal {
    /// Whether the user is an administrator.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.user.role == Role::Admin
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
    /// Verifies the token, and looks for copies of its session and user.
    pub async fn run(&self, token: &str, client: Option<IpAddr>) -> Result<Principal, AuthenticateError> {
        let claims = self.verify(token, client).await?;
        let session = self.cache.session(claims.session_id).await?;
        let session = session
            .filter(|session| session.user_id == claims.user_id)
            .ok_or(AuthenticateError::InvalidToken)?;
        if session.state(self.clock.now()) == SessionState::Expired {
            // A refresh, which no copy is told of, may have put its end off.
            return self.ask_store(&claims, client).await;
        }
        let user = self.cache.user(claims.user_id).await?.ok_or(AuthenticateError::InvalidToken)?;
        self.judge(&session, user, client)
    }

    /// The same for a request that is to change something. Copies may be a moment behind what another replica did, and who
    /// was locked there must not have that moment to unlock themselves.
    /// A user who is no administrator makes a bounded number of changes, since each is kept in the log of events.
    pub async fn run_for_a_change(
        &self,
        token: &str,
        client: Option<IpAddr>,
    ) -> Result<Principal, AuthenticateError> {
        let claims = self.verify(token, client).await?;
        let principal = self.ask_store(&claims, client).await?;
        if !principal.is_admin() {
            self.guard.change(client, principal.user.id).await?;
        }
        Ok(principal)
    }

    /// Passes administrators only.
    pub fn require_admin(&self, principal: &Principal) -> Result<(), Forbidden> {
        if principal.is_admin() {
            return Ok(());
        }
        let Principal { user, session_id, client } = principal;
        self.guard.refused(Door::Authenticate, *client, Outcome::Forbidden, Some(user.id), Some(*session_id));
        Err(Forbidden)
    }

    async fn verify(&self, token: &str, client: Option<IpAddr>) -> Result<AccessClaims, AuthenticateError> {
        match self.access_tokens.verify(token).await {
            Err(AccessTokenError::Invalid) => {
                self.guard.invalid_token(Door::Authenticate, client).await?;
                Err(AuthenticateError::InvalidToken)
            }
            Err(AccessTokenError::Expired) => Err(AuthenticateError::InvalidToken),
            other => Ok(other?),
        }
    }

    async fn ask_store(
        &self,
        claims: &AccessClaims,
        client: Option<IpAddr>,
    ) -> Result<Principal, AuthenticateError> {
        let found = self.store.sessions().find_with_user(claims.session_id).await?;
        let (session, user) =
            found.filter(|(_, user)| user.id == claims.user_id).ok_or(AuthenticateError::InvalidToken)?;
        self.judge(&session.snapshot(), Arc::new(user), client)
    }

    fn judge(
        &self,
        session: &SessionSnapshot,
        user: Arc<User>,
        client: Option<IpAddr>,
    ) -> Result<Principal, AuthenticateError> {
        match session.state(self.clock.now()) {
            SessionState::Live if user.is_active() => {
                self.guard.check_ban(Door::Authenticate, client, user.id, Some(session.id))?;
                Ok(Principal { user, session_id: session.id, client })
            }
            // Locking a user ends their sessions too; this holds even if a session were missed.
            SessionState::Live | SessionState::Revoked => {
                let (user, session) = (Some(user.id), Some(session.id));
                self.guard.refused(Door::Authenticate, client, Outcome::SessionRevoked, user, session);
                Err(AuthenticateError::SessionRevoked)
            }
            SessionState::Expired => Err(AuthenticateError::SessionExpired),
        }
    }
}
