use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;

use super::token_inspection::InspectedToken;
use crate::domain::{
    Algorithm, Audience, ClaimOfUser, Generation, Role, Salt, SessionId, SigningKey, Timestamp, UserId,
};

/// The claims of an access token (RFC 9068). The adapter adds issuer and audience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessClaims {
    /// `sub`.
    pub user_id: UserId,
    /// `sid`.
    pub session_id: SessionId,
    /// `role`, and the one item of `roles`, for other services that read the token. This service reads the
    /// role from the store.
    pub role: Role,
    /// `iat` and `nbf`.
    pub issued_at: Timestamp,
    /// `exp`.
    pub expires_at: Timestamp,
}

/// An access token before it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsignedToken {
    /// The claims that every token has.
    pub claims: AccessClaims,
    /// `aud`, if it is not this service.
    pub audience: Option<Audience>,
    /// The claims that the installation adds.
    pub of_user: Vec<ClaimOfUser>,
}

/// Signs and verifies access tokens.
#[async_trait]
pub trait AccessTokens: Send + Sync {
    /// The default lifetime of a token.
    fn lifetime(&self) -> Duration;

    /// Checks that a key can sign.
    async fn check(&self) -> Result<(), AccessTokenError>;

    /// Signs a token with the active key.
    async fn sign(&self, token: &UnsignedToken) -> Result<SecretString, AccessTokenError>;

    /// Verifies everything that the token alone determines: form, type, algorithm, key, signature, issuer,
    /// audience and times. The use case checks whether its session is live.
    async fn verify(&self, token: &str) -> Result<AccessClaims, AccessTokenError>;

    /// Makes the checks of [`verify`](Self::verify), and says for an operator which of them fail. Fails only
    /// if the keys are unavailable.
    async fn inspect(&self, token: &str) -> Result<InspectedToken, AccessTokenError>;

    /// The published keys. If they are old, tries to read them first.
    async fn public_keys(&self) -> Result<PublishedKeys, AccessTokenError>;
}

/// The published keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedKeys {
    /// The members of the JWK set (RFC 7517), oldest first.
    pub keys: Vec<PublicJwk>,
    /// Whether others may cache them for [`SigningKey::CACHED`]. False while newer keys may exist that cannot
    /// be read.
    pub cacheable: bool,
}

/// One public key, as the text of its JWK (RFC 7517).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicJwk(pub String);

/// Why a token was not signed or not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessTokenError {
    /// It is not a valid token of this service. The violated rule is not disclosed.
    #[error("the token is not valid")]
    Invalid,
    /// It is a token of this service that has expired.
    #[error("the token has expired")]
    Expired,
    /// The keys are unreachable, or none is active yet.
    #[error("the signing keys are unavailable")]
    Unavailable,
}

/// The content of a genuine refresh token. The store determines whether such a session, with this salt,
/// exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PresentedRefreshToken {
    /// The session for which it was issued.
    pub session_id: SessionId,
    /// Its generation within the session.
    pub generation: Generation,
    /// The salt of the session.
    pub salt: Salt,
}

/// The prefix of every refresh token.
pub const REFRESH_TOKEN_PREFIX: &str = "svcr_";

/// The content of a refresh token, genuine or not, for an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InspectedRefreshToken {
    /// The content.
    pub presented: PresentedRefreshToken,
    /// Whether it was made with the secret key of this service.
    pub is_genuine: bool,
}

/// Derives and checks refresh tokens. The same session and generation always give the same token, so no token
/// is stored, and a lost response can be repeated.
pub trait RefreshTokens: Send + Sync {
    /// The token of a generation of a session.
    fn mint(&self, session_id: SessionId, generation: Generation, salt: Salt) -> SecretString;

    /// Parses a token. Returns `None` if its form is wrong or it is not genuine.
    fn read(&self, token: &str) -> Option<PresentedRefreshToken>;

    /// Parses a token that may not be genuine, for an operator. Returns `None` if its form is wrong.
    fn inspect(&self, token: &str) -> Option<InspectedRefreshToken>;
}

/// Generates signing keys and opens stored ones.
pub trait KeyFactory: Send + Sync {
    /// The algorithm for new tokens.
    fn algorithm(&self) -> Algorithm;

    /// Generates a pending key. Returns `None` for HS256, whose key is derived and never stored.
    fn generate(&self, now: Timestamp) -> Result<Option<SigningKey>, KeyError>;

    /// Seals the private part again under the current secret key. Returns `None` if it is already sealed
    /// under that key.
    fn seal_again(&self, key: &SigningKey) -> Result<Option<Vec<u8>>, KeyError>;

    /// The public part as PEM (RFC 7468), a `SubjectPublicKeyInfo`. Computed from the private part, as the
    /// published one is.
    fn public_pem(&self, key: &SigningKey) -> Result<String, KeyError>;

    /// Checks that this process's secret key opens the private part.
    fn check(&self, key: &SigningKey) -> Result<(), KeyError>;
}

/// Why a signing key cannot be generated or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It was sealed under another secret key.
    #[error("the signing key was encrypted with another secret key")]
    OtherSecret,
    /// The cryptographic library failed.
    #[error("failed to generate a signing key")]
    Failed,
}
