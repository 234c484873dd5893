use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;

use crate::domain::{Algorithm, Generation, Role, Salt, SessionId, SigningKey, Timestamp, UserId};

/// What an access token says (RFC 9068). Who issued it and for whom is the adapter's to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessClaims {
    /// `sub`.
    pub user_id: UserId,
    /// `sid`.
    pub session_id: SessionId,
    /// `role`, for readers that do not ask the service; the service itself asks the store.
    pub role: Role,
    /// `iat` and `nbf`.
    pub issued_at: Timestamp,
    /// `exp`.
    pub expires_at: Timestamp,
}

/// Signs and verifies access tokens.
#[async_trait]
pub trait AccessTokens: Send + Sync {
    /// How long a token lives unless somebody asks for another time.
    fn lifetime(&self) -> Duration;

    /// Whether there is a key to sign with.
    async fn check(&self) -> Result<(), AccessTokenError>;

    /// Signs a token with the active key.
    async fn sign(&self, claims: &AccessClaims) -> Result<SecretString, AccessTokenError>;

    /// Verifies everything that can be told from the token: form, type, algorithm, key, signature, issuer,
    /// audience and times. Whether the session behind it lives is for the use case to ask.
    async fn verify(&self, token: &str) -> Result<AccessClaims, AccessTokenError>;

    /// The published keys, as the members of an RFC 7517 key set.
    async fn public_keys(&self) -> Result<Vec<PublicJwk>, AccessTokenError>;
}

/// One public key as the text of its RFC 7517 JWK.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicJwk(pub String);

/// Why a token was not signed or not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessTokenError {
    /// It is not a token of ours that is good now. Which rule it broke is not told.
    #[error("the token is not valid")]
    Invalid,
    /// It is a token of ours that has expired.
    #[error("the token has expired")]
    Expired,
    /// The keys are out of reach, or there is none that signs yet.
    #[error("the signing keys are out of reach")]
    Unavailable,
}

/// What a refresh token of ours says. Whether there is such a session, with this salt, is for the store to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PresentedRefreshToken {
    /// The session it was made for.
    pub session_id: SessionId,
    /// Which of the session's tokens it is.
    pub generation: Generation,
    /// The session's salt.
    pub salt: Salt,
}

/// Makes and checks refresh tokens. The same session and generation always give the same token, so none has
/// to be stored and a lost answer can be given again.
pub trait RefreshTokens: Send + Sync {
    /// The token of a session's generation.
    fn mint(&self, session_id: SessionId, generation: Generation, salt: Salt) -> SecretString;

    /// Reads a token; `None` when its form is wrong or it is not one of ours.
    fn read(&self, token: &str) -> Option<PresentedRefreshToken>;
}

/// Makes signing keys and opens the ones that are stored.
pub trait KeyFactory: Send + Sync {
    /// The algorithm that new tokens are to be signed with.
    fn algorithm(&self) -> Algorithm;

    /// Makes a key that is active from `now` on; `None` for HS256, whose key is derived and never stored.
    fn generate(&self, now: Timestamp) -> Result<Option<SigningKey>, KeyError>;

    /// Seals the private part again under the present secret key; `None` when it is sealed under that one already.
    fn seal_again(&self, key: &SigningKey) -> Result<Option<Vec<u8>>, KeyError>;

    /// Checks that the private part can be opened with this process's secret key.
    fn check(&self, key: &SigningKey) -> Result<(), KeyError>;
}

/// Why a signing key cannot be made or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It was encrypted under another secret key.
    #[error("the signing key was encrypted under another secret key")]
    OtherSecret,
    /// The cryptographic library refused.
    #[error("a signing key could not be made")]
    Failed,
}
