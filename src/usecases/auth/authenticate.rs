use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::{Actor, Role, SessionId, SessionSnapshot, SessionState, User};
use crate::ports::{AccessClaims, AccessTokenError, AccessTokens, Cache, Clock, Door, Memo, Outcome, Store};
use crate::usecases::failure::{Failure, fails};
use crate::usecases::rules::guard::Guard;

/// Verifies an access token, and that its session is live.
pub struct Authenticate {
    pub(in crate::usecases) cache: Arc<dyn Cache>,
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) access_tokens: Arc<dyn AccessTokens>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
    pub(in crate::usecases) guard: Guard,
}

/// The authenticated user of a request.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The user as stored now, not as of the time of the token.
    pub user: Arc<Memo<User>>,
    /// The session of the token.
    pub session_id: SessionId,
    /// The client address.
    pub client: Option<IpAddr>,
}

/// The user is not an administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("only administrators may do this")]
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

/// Why a token was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// Not a valid access token of this service.
    #[error("the access token is not valid")]
    InvalidToken,
    /// Its session was revoked.
    #[error("the session was ended")]
    SessionRevoked,
    /// Its session has expired.
    #[error("the session has expired")]
    SessionExpired,
    /// A failure common to all use cases.
    #[error(transparent)]
    Failed(Failure),
}
fails!(AuthenticateError);

impl Authenticate {
    /// Verifies the token with the cached session snapshot and user.
    pub async fn run(&self, token: &str, client: Option<IpAddr>) -> Result<Principal, AuthenticateError> {
        let claims = self.verify(token, client).await?;
        let session = self.cache.session(claims.session_id).await?;
        let session = session
            .filter(|session| session.user_id == claims.user_id)
            .ok_or(AuthenticateError::InvalidToken)?;
        if session.state(self.clock.now()) == SessionState::Expired {
            // A refresh may have extended the session. It does not invalidate the cached copy.
            return self.ask_store(&claims, client).await;
        }
        let user = self.cache.user(claims.user_id).await?.ok_or(AuthenticateError::InvalidToken)?;
        self.judge(&session, user, client)
    }

    /// Verifies the token for a request that changes something, with the stored session and user. Cached
    /// copies may lag behind another replica, and a user who was locked there must not use that moment to
    /// unlock their account. Limits the number of changes of a user who is not an administrator, since each
    /// change is stored as an event.
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

    /// Accepts administrators only.
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
        self.judge(&session.snapshot(), Arc::new(user.into()), client)
    }

    fn judge(
        &self,
        session: &SessionSnapshot,
        user: Arc<Memo<User>>,
        client: Option<IpAddr>,
    ) -> Result<Principal, AuthenticateError> {
        match session.state(self.clock.now()) {
            SessionState::Live if user.is_active() => {
                self.guard.check_ban(Door::Authenticate, client, user.id, Some(session.id))?;
                Ok(Principal { user, session_id: session.id, client })
            }
            // Locking a user also revokes their sessions. This check holds even if a session was missed.
            SessionState::Live | SessionState::Revoked => {
                let (user, session) = (Some(user.id), Some(session.id));
                self.guard.refused(Door::Authenticate, client, Outcome::SessionRevoked, user, session);
                Err(AuthenticateError::SessionRevoked)
            }
            SessionState::Expired => Err(AuthenticateError::SessionExpired),
        }
    }
}
