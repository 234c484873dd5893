use std::fmt;

use super::timestamp::Timestamp;
use super::user::words;

/// Names a signing key by what it is: its RFC 7638 thumbprint, base64url.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub String);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How access tokens are signed (RFC 7518, RFC 8037).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
    /// RSASSA-PKCS1-v1_5 with SHA-256, 3072 bits (NIST SP 800-57: 128 bits of security).
    Rs256,
    /// HMAC with SHA-256: one secret for signing and verifying, so nothing to publish.
    Hs256,
}

words!(Algorithm { Es256 = "ES256", EdDsa = "EdDSA", Rs256 = "RS256", Hs256 = "HS256" });

/// A key pair that signs access tokens, as all replicas share it.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its thumbprint.
    pub id: KeyId,
    /// What it signs with.
    pub algorithm: Algorithm,
    /// Where it is in its life.
    pub status: SigningKeyStatus,
    /// The public part as an RFC 7517 JWK, ready to be published.
    pub public_jwk: String,
    /// The private part, encrypted under a key derived from the secret key.
    pub sealed_private: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it began to sign.
    pub activated_at: Option<Timestamp>,
    /// When it stopped to sign.
    pub retired_at: Option<Timestamp>,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({} {} {})", self.id, self.algorithm, self.status)
    }
}

/// Where a signing key is in its life. Every key in the store is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningKeyStatus {
    /// Published, not used yet.
    Pending,
    /// Signs. There is at most one.
    Active,
    /// Published until nothing that it signed can be alive.
    Retired,
}

words!(SigningKeyStatus { Pending = "pending", Active = "active", Retired = "retired" });
