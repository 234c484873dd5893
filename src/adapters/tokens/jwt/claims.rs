//! The claims of a token, member by member.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{SessionId, SigningKey, Timestamp, UserId};
use crate::ports::AccessClaims;

/// The largest difference between the clocks of two replicas.
pub(super) const LEEWAY: Duration = SigningKey::CLOCK_SKEW;

/// `client_id` (RFC 9068): users log in to the service itself, so it is its own only client.
const CLIENT_ID: &str = "svc";

/// The values that all tokens have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwtSettings {
    /// `iss`: the service's own URL.
    pub issuer: String,
    /// `aud`: the audience of the tokens.
    pub audience: String,
    /// The lifetime of a token, unless a caller asks for another one.
    pub lifetime: Duration,
    /// How many verified tokens are remembered.
    pub remembered: u64,
}

/// The payload. All members are required, and no other or repeated member is accepted: a claim that we do not
/// write was not written by us. Before a claim is added, a release must accept tokens with it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claims<'a> {
    #[serde(borrow)]
    iss: Cow<'a, str>,
    /// One string: an array, which RFC 7519 allows, is not what we write.
    #[serde(borrow)]
    aud: Cow<'a, str>,
    #[serde(borrow)]
    sub: Cow<'a, str>,
    #[serde(borrow)]
    sid: Cow<'a, str>,
    #[serde(borrow)]
    jti: Cow<'a, str>,
    iat: i64,
    nbf: i64,
    exp: i64,
    #[serde(borrow)]
    client_id: Cow<'a, str>,
    #[serde(borrow)]
    role: Cow<'a, str>,
}

impl<'a> Claims<'a> {
    pub(super) fn new(claims: &AccessClaims, settings: &'a JwtSettings, token_id: Uuid) -> Self {
        Self {
            iss: settings.issuer.as_str().into(),
            aud: settings.audience.as_str().into(),
            sub: claims.user_id.to_string().into(),
            sid: claims.session_id.to_string().into(),
            jti: token_id.to_string().into(),
            iat: claims.issued_at.as_seconds(),
            nbf: claims.issued_at.as_seconds(),
            exp: claims.expires_at.as_seconds(),
            client_id: CLIENT_ID.into(),
            role: claims.role.as_str().into(),
        }
    }

    /// Parses a payload whose signature was verified.
    pub(super) fn parse(payload: &'a [u8]) -> Option<Self> {
        parse_object(payload)
    }

    /// Returns the claims, if issuer and audience are right and the token was made before `now`. It may have
    /// expired.
    pub(super) fn check(&self, settings: &JwtSettings, now: Timestamp) -> Option<AccessClaims> {
        let addressed =
            self.iss == settings.issuer && self.aud == settings.audience && self.client_id == CLIENT_ID;
        let (issued_at, begins_at, expires_at) = (moment(self.iat)?, moment(self.nbf)?, moment(self.exp)?);
        id(&self.jti)?;
        let claims = AccessClaims {
            user_id: UserId(id(&self.sub)?),
            session_id: SessionId(id(&self.sid)?),
            role: self.role.parse().ok()?,
            issued_at,
            expires_at,
        };
        let in_time = begins_at <= now.plus(LEEWAY) && issued_at < expires_at && was_issued(&claims, now);
        (addressed && in_time).then_some(claims)
    }
}

/// Returns whether a token with these claims was issued before `now`.
pub(super) fn was_issued(claims: &AccessClaims, now: Timestamp) -> bool {
    claims.issued_at <= now.plus(LEEWAY)
}

/// Returns whether a token with these claims has expired.
pub(super) fn has_expired(claims: &AccessClaims, now: Timestamp) -> bool {
    now >= claims.expires_at.plus(LEEWAY)
}

/// Parses one JSON object into a struct, whose derived reader refuses a repeated member.
pub(super) fn parse_object<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Option<T> {
    // That reader would also accept an array with the values in the order of the fields.
    let object = json.first() == Some(&b'{');
    object.then(|| serde_json::from_slice(json).ok())?
}

pub(super) fn moment(seconds: i64) -> Option<Timestamp> {
    Timestamp::from_micros(seconds.checked_mul(1_000_000)?).ok()
}

/// Parses a UUID in the one form that we write (RFC 9562, lower case with hyphens).
pub(super) fn id(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|id| id.hyphenated().encode_lower(&mut Uuid::encode_buffer()) == text)
}
