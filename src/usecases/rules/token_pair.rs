use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use crate::domain::{
    Audiences, ClaimOfUser, ClaimSource, Role, Session, SessionId, SessionLifetimes, Timestamp, TooLong,
    User, UserClaims, UserId,
};
use crate::ports::{AccessClaims, AccessTokenError, AccessTokens, RefreshTokens, UnsignedToken};

/// The tokens that a client receives after a log-in or a refresh.
#[derive(Debug)]
pub struct TokenPair {
    /// The user.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
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
    /// The audiences that tokens may have.
    pub(in crate::usecases) audiences: Arc<Audiences>,
    /// The claims that tokens have beyond those that every token has.
    pub(in crate::usecases) user_claims: Arc<UserClaims>,
}

/// The user of a session, as far as tokens need it.
#[derive(Clone, Copy, Debug)]
pub struct TokenUser<'a> {
    /// The role.
    pub role: Role,
    /// The user, unless tokens have no claim of it.
    pub user: Option<&'a User>,
}

impl<'a> From<&'a User> for TokenUser<'a> {
    fn from(user: &'a User) -> Self {
        Self { role: user.role, user: Some(user) }
    }
}

impl TokenIssuer {
    /// The newest tokens of a live session of this user.
    pub async fn pair(
        &self,
        session: &Session,
        user: impl Into<TokenUser<'_>>,
        now: Timestamp,
    ) -> Result<TokenPair, AccessTokenError> {
        let (access_token, expires_in) =
            self.access(session, user.into(), now, self.access_tokens.lifetime()).await?;
        Ok(TokenPair {
            user_id: session.user_id,
            session_id: session.id,
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
        user: TokenUser<'_>,
        now: Timestamp,
        lifetime: Duration,
    ) -> Result<(SecretString, Duration), AccessTokenError> {
        let expires_at = now.plus(lifetime).min(session.absolute_expires_at);
        let claims = AccessClaims {
            user_id: session.user_id,
            session_id: session.id,
            role: user.role,
            issued_at: now,
            expires_at,
        };
        let token = UnsignedToken {
            claims,
            audience: session.audience.clone(),
            of_user: user.user.map(|user| self.claims_of(user)).unwrap_or_default(),
        };
        Ok((self.access_tokens.sign(&token).await?, expires_at.since(now)))
    }

    /// The claims of a user. One that is too long is left out, because the content of the metadata must not
    /// make log-ins fail. Users can cause no warnings: those are for values that administrators write.
    fn claims_of(&self, user: &User) -> Vec<ClaimOfUser> {
        let (claims, left_out) = self.user_claims.of(user);
        for TooLong { name, bytes, is_written_by_user } in left_out {
            let (user_id, most) = (user.id, ClaimSource::LONGEST_MEMBER);
            if is_written_by_user {
                tracing::info!(%user_id, claim = name, bytes, most, "claim left out of an access token");
            } else {
                tracing::warn!(%user_id, claim = name, bytes, most, "claim left out of an access token");
            }
        }
        claims
    }
}
