use std::fmt;

use crate::domain::signing_key::SigningKeyStatus;
use crate::domain::timestamp::Timestamp;

/// Why a change of the keys is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRejection {
    /// There is no such key.
    #[error("there is no such signing key")]
    NotFound,
    /// The key is in another stage than the change needs.
    #[error("the key is {0}, so it cannot be {1}")]
    WrongStage(SigningKeyStatus, &'static str),
    /// Services that cache the key set may not have the key.
    #[error("services that cache the key set may not have the key before {0}")]
    TooEarly(Timestamp),
    /// The key is the one that signs.
    #[error("the service signs with this key, and no other key is active")]
    Signs,
    /// A token that the key signed may be valid.
    #[error("tokens that the key signed can be valid until {0}")]
    StillValid(Timestamp),
    /// This many keys are pending.
    #[error("{0} keys are pending already")]
    TooManyPending(usize),
    /// This many keys are published.
    #[error("{0} keys are published already, and every service that verifies tokens loads all of them")]
    TooManyPublished(usize),
    /// HS256 has no keys.
    #[error("HS256 signs with a key that is derived from the secret key, so there is no key to generate")]
    Derived,
    /// A new key is needed: generate one, and try again with it.
    #[error("a new key is needed")]
    NeedsKey,
}

/// A consequence of a change that was made before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyBreak {
    /// Services that cached the key set refuse new tokens until then, unless they read it again for an
    /// unknown key.
    NewTokensRefused(Timestamp),
    /// Valid tokens are refused, which would have been accepted until then at the latest.
    TokensRefused(Timestamp),
    /// Services that cached the key set accept the tokens of the key until then.
    AcceptedElsewhere(Timestamp),
    /// No access token can be signed until a key is active.
    NothingSigns,
}

impl fmt::Display for KeyBreak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NewTokensRefused(until) => write!(
                f,
                "services that cached the key set before may refuse the tokens of the new key until {until}"
            ),
            Self::TokensRefused(until) => {
                write!(f, "tokens that the key signed are refused; some could have been valid until {until}")
            }
            Self::AcceptedElsewhere(until) => {
                write!(f, "other services that cache the key set may accept tokens of the key until {until}")
            }
            Self::NothingSigns => {
                f.write_str("log-ins and refreshes are answered 503 until another key is active")
            }
        }
    }
}
