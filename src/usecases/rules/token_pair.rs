use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use crate::domain::{Role, Session, SessionLifetimes, Timestamp};
use crate::ports::{AccessClaims, AccessTokenError, AccessTokens, RefreshTokens};

/// The tokens that a client receives after a log-in or a refresh.
#[derive(Debug)]
pub struct TokenPair {
    /// Authorizes requests for `expires_in`.
    pub access_token: SecretString,
    /// Gets the next pair, once.
    pub refresh_token: SecretString,
    /// The lifetime of the access token.
    pub expires_in: Duration,
    /// How long the session lasts without a refresh.
    pub refresh_expires_in: Duration,
}

/// Issues the tokens of a session.
#[derive(Clone)]
pub struct TokenIssuer {
    pub(in crate::usecases) access_tokens: Arc<dyn AccessTokens>,
    pub(in crate::usecases) refresh_tokens: Arc<dyn RefreshTokens>,
    /// The lifetimes of sessions.
    pub(in crate::usecases) lifetimes: SessionLifetimes,
}

impl TokenIssuer {
    /// The newest tokens of a live session whose user has this role.
    pub async fn pair(
        &self,
        session: &Session,
        role: Role,
        now: Timestamp,
    ) -> Result<TokenPair, AccessTokenError> {
        let (access_token, expires_in) =
            self.access(session, role, now, self.access_tokens.lifetime()).await?;
        Ok(TokenPair {
            access_token,
            refresh_token: self.refresh_tokens.mint(session.id, session.generation, session.salt),
            expires_in,
            refresh_expires_in: session.expires_at().since(now),
        })
    }

    /// An access token with this lifetime, capped by the absolute end of its session, and the resulting
    /// lifetime.
    pub async fn access(
        &self,
        session: &Session,
        role: Role,
        now: Timestamp,
        lifetime: Duration,
    ) -> Result<(SecretString, Duration), AccessTokenError> {
        let expires_at = now.plus(lifetime).min(session.absolute_expires_at);
        let claims = AccessClaims {
            user_id: session.user_id,
            session_id: session.id,
            role,
            issued_at: now,
            expires_at,
        };
        Ok((self.access_tokens.sign(&claims).await?, expires_at.since(now)))
    }
}
