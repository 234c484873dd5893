use std::fmt;
use std::time::Duration;

use super::session::Session;
use super::timestamp::Timestamp;
use super::words::words;

/// The id of a signing key: its RFC 7638 thumbprint in base64url.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub String);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

words! {
    /// The signature algorithm of access tokens (RFC 7518, RFC 8037).
    #[derive(Hash)]
    pub enum Algorithm {
        /// ECDSA on P-256 with SHA-256.
        Es256 = "ES256",
        /// Ed25519.
        EdDsa = "EdDSA",
        /// RSASSA-PKCS1-v1_5 with SHA-256, 3072 bits (NIST SP 800-57: 128 bits of security).
        Rs256 = "RS256",
        /// HMAC with SHA-256: one secret signs and verifies, so there is no key to publish.
        Hs256 = "HS256",
    }
}

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
    /// When it becomes active, if that is planned. Only of a pending key.
    pub activates_at: Option<Timestamp>,
    /// When it became active.
    pub activated_at: Option<Timestamp>,
    /// When it was retired.
    pub retired_at: Option<Timestamp>,
    /// When an operator declared it compromised.
    pub compromised_at: Option<Timestamp>,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({} {} {})", self.id, self.algorithm, self.status)
    }
}

words! {
    /// The stage in the life of a signing key.
    pub enum SigningKeyStatus {
        /// Published, not used yet.
        Pending = "pending",
        /// Signs access tokens. At most one key per algorithm is active.
        Active = "active",
        /// Published until no token that it signed is still valid.
        Retired = "retired",
        /// Neither published nor accepted. The key stays in the store until the sessions whose tokens it
        /// signed have ended.
        Compromised = "compromised",
    }
}

impl SigningKey {
    /// How long other services may cache the key set (`Cache-Control` of `/.well-known/jwks.json`).
    pub const CACHED: Duration = Duration::from_mins(5);
    /// How long the keys in the memory of a replica may lag behind the store while the store answers.
    pub const FOLLOWED: Duration = Duration::from_secs(30);
    /// The largest difference between the clocks of two replicas.
    pub const CLOCK_SKEW: Duration = Duration::from_secs(30);
    /// How long a key is published before it may sign: until every replica has published it for
    /// [`CACHED`](Self::CACHED).
    pub const PUBLICATION: Duration =
        Duration::from_secs(Self::FOLLOWED.as_secs() + Self::CLOCK_SKEW.as_secs() + Self::CACHED.as_secs());
    /// The longest lifetime of an access token, whatever the settings are.
    pub const LONGEST_TOKEN: Duration = Duration::from_hours(24);
    /// The longest time after a refresh at which the same refresh token is still answered: the longest
    /// `security.token.refresh_grace`.
    pub const LONGEST_GRACE: Duration = Duration::from_mins(5);

    /// When every service that caches the key set has the key.
    #[must_use]
    pub fn known_at(&self) -> Timestamp {
        self.created_at.plus(Self::PUBLICATION)
    }

    /// When no valid token that the key signed can exist any more. `None` while it is active. A replica signs
    /// with a retired key until it has read the keys again, and accepts a token for another
    /// [`CLOCK_SKEW`](Self::CLOCK_SKEW) after its end.
    #[must_use]
    pub fn removable_at(&self) -> Option<Timestamp> {
        let signed_until = || Some(self.retired_at?.plus(Self::FOLLOWED).plus(Self::CLOCK_SKEW));
        match self.status {
            SigningKeyStatus::Active => None,
            SigningKeyStatus::Retired if self.activated_at.is_some() => {
                Some(signed_until()?.plus(Self::LONGEST_TOKEN).plus(Self::CLOCK_SKEW))
            }
            // It never signed, or nothing accepts its tokens.
            _ => Some(self.created_at),
        }
    }

    /// The sessions for which a compromised key may have signed access tokens. `None` if it signed none, or
    /// is not compromised.
    #[must_use]
    pub fn signed_sessions(&self) -> Option<SignedSessions> {
        let (activated, retired) = (self.activated_at?, self.retired_at?);
        let signed_until = retired.plus(Self::FOLLOWED).plus(Self::CLOCK_SKEW);
        Some(SignedSessions {
            opened_until: signed_until.min(self.compromised_at?),
            refreshed_since: activated.minus(Self::CLOCK_SKEW).minus(Self::LONGEST_GRACE),
        })
    }

    /// Whether the sessions that a compromised key signed tokens for can be ended for good: every log-in that
    /// began before the key was refused has ended.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.compromised_at.is_none_or(|at| now >= at.plus(Self::FOLLOWED).plus(Self::CLOCK_SKEW))
    }

    /// The number of the stage, which rises through the life of the key. A pending key with a time of
    /// activation is a stage of its own.
    #[must_use]
    pub fn version(&self) -> i64 {
        match self.status {
            SigningKeyStatus::Pending if self.activates_at.is_none() => 1,
            SigningKeyStatus::Pending => 2,
            SigningKeyStatus::Active => 3,
            SigningKeyStatus::Retired => 4,
            SigningKeyStatus::Compromised => Self::REMOVED,
        }
    }

    /// The [`version`](Self::version) in the event of the removal of a key.
    pub const REMOVED: i64 = 5;
}

/// The sessions that may have an access token that a key signed: each was opened until one moment, and was
/// opened or refreshed since another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedSessions {
    /// The latest opening.
    pub opened_until: Timestamp,
    /// The earliest refresh. A session whose last refresh was answered late has got tokens since then, too.
    pub refreshed_since: Timestamp,
}

impl SignedSessions {
    /// Whether this session is one of them.
    #[must_use]
    pub fn has(self, session: &Session) -> bool {
        let is_refreshed = session.rotated_at >= self.refreshed_since || session.undelivered.is_some();
        session.created_at <= self.opened_until && is_refreshed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * SECOND).unwrap()
    }

    fn key(status: SigningKeyStatus) -> SigningKey {
        SigningKey {
            id: KeyId("oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U".to_owned()),
            algorithm: Algorithm::Es256,
            status,
            public_jwk: String::new(),
            sealed_private: Vec::new(),
            created_at: at(1000),
            activates_at: None,
            activated_at: None,
            retired_at: None,
            compromised_at: None,
        }
    }

    #[test]
    fn a_key_is_known_when_every_replica_has_published_it_for_the_time_of_a_cache() {
        assert_eq!(key(SigningKeyStatus::Pending).known_at(), at(1000 + 30 + 30 + 300));
    }

    #[test]
    fn a_key_is_removable_when_the_last_token_of_the_slowest_replica_has_ended() {
        assert_eq!(key(SigningKeyStatus::Active).removable_at(), None);
        assert_eq!(key(SigningKeyStatus::Pending).removable_at(), Some(at(1000)));
        let retired = SigningKey { retired_at: Some(at(5000)), ..key(SigningKeyStatus::Retired) };
        assert_eq!(retired.removable_at(), Some(at(1000)), "it never signed");
        let retired = SigningKey { activated_at: Some(at(2000)), ..retired };
        assert_eq!(retired.removable_at(), Some(at(5000 + 30 + 30 + 86_400 + 30)));
    }

    #[test]
    fn the_sessions_of_a_compromised_key_are_those_of_its_active_time() {
        let active = SigningKey { activated_at: Some(at(2000)), ..key(SigningKeyStatus::Compromised) };
        let compromised = |retired, compromised| SigningKey {
            retired_at: Some(at(retired)),
            compromised_at: Some(at(compromised)),
            ..active.clone()
        };
        let sessions = |opened_until, refreshed_since| {
            Some(SignedSessions { opened_until: at(opened_until), refreshed_since: at(refreshed_since) })
        };
        assert_eq!(compromised(5000, 5000).signed_sessions(), sessions(5000, 2000 - 30 - 300));
        assert_eq!(compromised(5000, 9000).signed_sessions(), sessions(5060, 2000 - 30 - 300));
        let never = SigningKey { activated_at: None, ..compromised(5000, 5000) };
        assert_eq!(never.signed_sessions(), None);
        assert!(!compromised(5000, 5000).is_over(at(5059)));
        assert!(compromised(5000, 5000).is_over(at(5060)));
    }
}
