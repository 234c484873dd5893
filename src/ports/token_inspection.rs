use crate::domain::{SessionId, Timestamp, UserId, words};

/// An access token taken apart, and the result of each check, for an operator. It does not contain the
/// signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InspectedToken {
    /// The header as the text of a JSON object, if it is one.
    pub header: Option<String>,
    /// The payload as the text of a JSON object, if it is one.
    pub payload: Option<String>,
    /// `kid`.
    pub key_id: Option<String>,
    /// `sub`, if it is an id.
    pub user_id: Option<UserId>,
    /// `sid`, if it is an id.
    pub session_id: Option<SessionId>,
    /// `iat`.
    pub issued_at: Option<Timestamp>,
    /// `exp`.
    pub expires_at: Option<Timestamp>,
    /// All checks, in the order in which they were made.
    pub checks: Vec<TokenCheck>,
}

impl InspectedToken {
    /// Whether all checks passed, so that the token alone is valid. Whether its session is live is another
    /// question.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.checks.iter().all(|check| check.outcome == CheckOutcome::Passed)
    }
}

/// One check of an access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenCheck {
    /// The checked part.
    pub part: TokenPart,
    /// The result.
    pub outcome: CheckOutcome,
}

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckOutcome {
    /// The part is right.
    Passed,
    /// The part is wrong, for this reason.
    Failed(String),
    /// An earlier failure leaves nothing to check.
    Skipped,
}

words! {
    /// A part of an access token that is checked.
    pub enum TokenPart {
        /// Three segments of base64url, the first two JSON objects.
        Form = "form",
        /// The header has the members of RFC 9068, each once, and no other.
        Header = "header",
        /// `typ` is `at+jwt`.
        Type = "type",
        /// `kid` names a key that this service publishes.
        Key = "key",
        /// `alg` is the algorithm of the key.
        Algorithm = "algorithm",
        /// The key made the signature.
        Signature = "signature",
        /// The payload has the claims that this service writes, each once, and no other.
        Claims = "claims",
        /// `iss` is this service.
        Issuer = "issuer",
        /// `aud` is the audience of this service.
        Audience = "audience",
        /// `iat` and `nbf` are not in the future, and `exp` is after `iat`.
        Issued = "issued",
        /// `exp` is in the future.
        Expiry = "expiry",
    }
}
