use std::fmt;

use aws_lc_rs::{hkdf, hmac};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

/// The secret that every other key is derived from. It is wiped from memory when it is dropped.
#[derive(Clone)]
pub struct SecretKey(pub(super) SecretString);

/// The purpose of a derived key. A key reveals nothing about those of other purposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The MAC of refresh tokens.
    RefreshTokens,
    /// The MAC that is the token in a mail.
    MailTokens,
    /// The MAC that the database keeps of a token sent by mail.
    MailTokenDigests,
    /// The MAC of addresses that mails were sent to.
    MailAddresses,
    /// The MAC that chooses a decoy of a password hash for an address without an account.
    Decoys,
    /// The encryption of signing keys in the store.
    SigningKeys,
    /// The MAC of values in a cache outside the process.
    CachedValues,
    /// The MAC of the subjects of rate limits outside the process.
    RateLimitSubjects,
    /// The MAC of email addresses in the log.
    LoggedEmails,
    /// The MAC of the questions and answers by which processes of the service recognize each other.
    Introductions,
    /// The HS256 signature of access tokens.
    Hs256,
    /// The id of the HS256 key, which is public.
    Hs256Id,
}

impl Purpose {
    const fn label(self) -> &'static str {
        match self {
            Self::RefreshTokens => "svc refresh-token mac v1",
            Self::MailTokens => "svc mail-token v1",
            Self::MailTokenDigests => "svc mail-token-digest mac v1",
            Self::MailAddresses => "svc mail-address mac v1",
            Self::Decoys => "svc decoy mac v1",
            Self::SigningKeys => "svc signing-key encryption v1",
            Self::CachedValues => "svc cached-value mac v1",
            Self::RateLimitSubjects => "svc rate-limit-subject mac v1",
            Self::LoggedEmails => "svc logged-email mac v1",
            Self::Introductions => "svc introduction mac v1",
            Self::Hs256 => "svc access-token hs256 v1",
            Self::Hs256Id => "svc access-token hs256 kid v1",
        }
    }
}

impl SecretKey {
    /// The shortest secret key that is allowed, in bytes.
    pub const SHORTEST: usize = 32;

    /// Takes a given secret unchanged. The settings check its length.
    #[must_use]
    pub fn given(secret: &SecretString) -> Self {
        Self(secret.clone())
    }

    /// Derives a key of 32 bytes for one purpose (HKDF with SHA-256, RFC 5869, no salt, the purpose's label
    /// as info).
    #[must_use]
    pub fn derive(&self, purpose: Purpose) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(self.0.expose_secret().as_bytes());
        let filled = secret
            .expand(&[purpose.label().as_bytes()], hkdf::HKDF_SHA256)
            .and_then(|derived| derived.fill(key.as_mut_slice()));
        let Ok(()) = filled else { unreachable!("SHA-256 has 32 bytes, and as many were asked for") };
        key
    }

    /// Derives the key of an HMAC with SHA-256 (RFC 2104) for one purpose.
    #[must_use]
    pub fn mac_key(&self, purpose: Purpose) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, self.derive(purpose).as_slice())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey([redacted])")
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::HashSet;

    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    pub(in crate::adapters::tokens::secret_key) const PURPOSES: [Purpose; 12] = [
        Purpose::RefreshTokens,
        Purpose::MailTokens,
        Purpose::MailTokenDigests,
        Purpose::MailAddresses,
        Purpose::Decoys,
        Purpose::SigningKeys,
        Purpose::CachedValues,
        Purpose::RateLimitSubjects,
        Purpose::LoggedEmails,
        Purpose::Introductions,
        Purpose::Hs256,
        Purpose::Hs256Id,
    ];

    #[test]
    fn no_two_purposes_share_a_key() {
        let secret = SecretKey::given(&"a secret key of thirty-two bytes".into());
        let keys: HashSet<_> = PURPOSES.iter().map(|&purpose| *secret.derive(purpose)).collect();
        assert_eq!(keys.len(), PURPOSES.len());
    }

    /// Frozen: any other value would lose every session, signing key and HS256 token of an installation.
    #[test]
    fn a_purpose_gives_the_key_it_always_gave() {
        let secret = SecretKey::given(&"a secret key of thirty-two bytes".into());
        let frozen = PURPOSES.map(|purpose| URL_SAFE_NO_PAD.encode(*secret.derive(purpose)));
        let expected = [
            "8XWarG4LQudQlIf3yYoBu8ZJ4MDAmIHXsprK7DZvp60",
            "uo1x6ChylnBsButSemoVXq_l1jAKc3uXlR-Nw3U0KVY",
            "nPl1Z_UFa6nQ9J-Qtwmpd9B9rv2L1mO9-CyF0G6oBeg",
            "p1ws1b6X2IX2cZWvhnmJsup40cUi9QOmFpiy_QhNTdI",
            "Fm5dj2VE7dSGMm3UkojqLYf1tu0jueSdc6lQXBlFsB0",
            "fYZUhdjq617TwCxclrVyF6ej4X2XiEcP6JBd28pGE1U",
            "AZxtNcRlcrpZePt0vtvhHNFl8p-aHiCZSWMe9M-ozp8",
            "YnYbM3s1WVvqhoEJzXyHa1Bf4Jl_GuPYSoLZVZLSYek",
            "sra9ebF8Iv7JGjaYkuWv_qMRpTB_03JYpQKGgCi3rP4",
            "BojH2_yQy6j5IM45NRcW7FGqK20lQ_1MnHSrNxKZXOE",
            "y0NKou2pYLnvMy4lSjCkaGw8kvfD-r3uwHtH9OgSf0s",
            "viNgXWjDydWaRNaY6GGc1f6ok6lakG5pzpptMpVv3Hw",
        ];
        assert_eq!(frozen, expected);
    }

    #[test]
    fn nothing_prints_it() {
        let secret = SecretKey::given(&"a secret key of thirty-two bytes".into());
        assert_eq!(format!("{secret:?}"), "SecretKey([redacted])");
    }
}
