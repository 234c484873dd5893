//! The claims of a token, member by member.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::domain::{Audience, ClaimOfUser, SessionId, SigningKey, Timestamp, UserId, is_name_of_user_claim};
use crate::ports::{AccessClaims, UnsignedToken};

/// The largest difference between the clocks of two replicas.
pub(super) const LEEWAY: Duration = SigningKey::CLOCK_SKEW;

/// `client_id` (RFC 9068): users log in to the service itself, so it is its own only client.
const CLIENT_ID: &str = "svc";

/// The values that all tokens have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwtSettings {
    /// `iss`: the service's own URL.
    pub issuer: String,
    /// `aud` of tokens for this service: the only one that is accepted, and the default.
    pub audience: String,
    /// The lifetime of a token, unless a caller asks for another one.
    pub lifetime: Duration,
    /// How many verified tokens are remembered.
    pub remembered: u64,
}

/// The members of the payload that every token has. All are required but `roles`, which the first releases
/// did not write. Each may occur once.
#[derive(Serialize, Deserialize)]
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
    /// The role as a list: the member that RFC 9068 (section 2.2.3.1) names, and many libraries read.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    roles: Option<[Cow<'a, str>; 1]>,
}

/// The names of [`Claims`].
const NAMES: [&str; 11] =
    ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp", "client_id", "role", "roles"];

/// The payload of a new token.
#[derive(Serialize)]
pub(super) struct Payload<'a> {
    #[serde(flatten)]
    claims: Claims<'a>,
    #[serde(flatten)]
    of_user: OfUser<'a>,
}

/// The claims that the installation adds.
struct OfUser<'a>(&'a [ClaimOfUser]);

impl Serialize for OfUser<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for claim in self.0 {
            map.serialize_entry(&claim.name, &claim.value)?;
        }
        map.end()
    }
}

impl<'a> Payload<'a> {
    pub(super) fn new(token: &'a UnsignedToken, settings: &'a JwtSettings, token_id: Uuid) -> Self {
        let UnsignedToken { claims, audience, of_user } = token;
        let claims = Claims {
            iss: settings.issuer.as_str().into(),
            aud: audience.as_ref().map_or(settings.audience.as_str(), Audience::as_str).into(),
            sub: claims.user_id.to_string().into(),
            sid: claims.session_id.to_string().into(),
            jti: token_id.to_string().into(),
            iat: claims.issued_at.as_seconds(),
            nbf: claims.issued_at.as_seconds(),
            exp: claims.expires_at.as_seconds(),
            client_id: CLIENT_ID.into(),
            role: claims.role.as_str().into(),
            roles: Some([claims.role.as_str().into()]),
        };
        Self { claims, of_user: OfUser(of_user) }
    }
}

impl<'a> Claims<'a> {
    /// Parses a payload whose signature was verified. It may have claims of users beyond ours, because
    /// another replica may have another list of them. Any other member may restrict the token in a way that
    /// we do not know, so it is refused: before a claim is added, a release must accept tokens with it.
    pub(super) fn parse(payload: &'a [u8]) -> Option<Self> {
        parse_object::<KnownNames>(payload)?;
        parse_object(payload)
    }

    /// Returns the claims, if issuer and audience are right and the token was made before `now`. It may have
    /// expired.
    pub(super) fn check(&self, settings: &JwtSettings, now: Timestamp) -> Option<AccessClaims> {
        let addressed =
            self.iss == settings.issuer && self.aud == settings.audience && self.client_id == CLIENT_ID;
        let agrees = self.roles.as_ref().is_none_or(|[role]| *role == self.role);
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
        (addressed && agrees && in_time).then_some(claims)
    }
}

/// An object whose members are claims of ours or of users, each once.
struct KnownNames;

impl<'de> Deserialize<'de> for KnownNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Self)
    }
}

impl<'de> Visitor<'de> for KnownNames {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut of_users = BTreeSet::new();
        while let Some(name) = members.next_key::<Cow<'de, str>>()? {
            members.next_value::<IgnoredAny>()?;
            let is_known =
                NAMES.contains(&&*name) || is_name_of_user_claim(&name) && of_users.insert(name.into_owned());
            if !is_known {
                return Err(A::Error::custom("an unknown or repeated member"));
            }
        }
        Ok(self)
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
