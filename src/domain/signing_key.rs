use std::fmt;

use super::timestamp::Timestamp;
use super::user::words;

/// The id of a signing key: its RFC 7638 thumbprint in base64url.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub String);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The signature algorithm of access tokens (RFC 7518, RFC 8037).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
    /// RSASSA-PKCS1-v1_5 with SHA-256, 3072 bits (NIST SP 800-57: 128 bits of security).
    Rs256,
    /// HMAC with SHA-256: one secret signs and verifies, so there is no key to publish.
    Hs256,
}

words!(Algorithm { Es256 = "ES256", EdDsa = "EdDSA", Rs256 = "RS256", Hs256 = "HS256" });

/// A key pair that signs access tokens. All replicas share it.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its thumbprint.
    pub id: KeyId,
    /// The algorithm that it signs with.
    pub algorithm: Algorithm,
    /// The stage of its life.
    pub status: SigningKeyStatus,
    /// The public part as a JWK (RFC 7517), ready to be published.
    pub public_jwk: String,
    /// The private part, sealed under a key that is derived from the secret key.
    pub sealed_private: Vec<u8>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it became active.
    pub activated_at: Option<Timestamp>,
    /// When it was retired.
    pub retired_at: Option<Timestamp>,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({} {} {})", self.id, self.algorithm, self.status)
    }
}

/// The stage in the life of a signing key. Every stored key is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningKeyStatus {
    /// Published, not used yet.
    Pending,
    /// Signs access tokens. At most one key is active.
    Active,
    /// Published until no token that it signed is still valid.
    Retired,
}

words!(SigningKeyStatus { Pending = "pending", Active = "active", Retired = "retired" });
