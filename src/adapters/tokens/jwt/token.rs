//! The compact form of a token (RFC 7515): header, payload and signature.
//!
//! All requirements of RFC 8725 are checked here, and all but the signature before a key is used.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::claims::{Payload, parse_object};
use super::key::Key;
use crate::domain::Algorithm;
use crate::ports::AccessTokenError;

/// The length limit of a token, in bytes. Ours have about 700, with RS256 about 1,000.
pub(super) const LONGEST: usize = 8 * 1024;

/// The header. All members are required, and no other or repeated member is accepted, so no part of a token
/// decides how it is verified: no key of its own (`jwk`, `jku`, `x5c`, `x5u`), no extension (`crit`, `b64`).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header<'a> {
    #[serde(borrow)]
    typ: Cow<'a, str>,
    #[serde(borrow)]
    alg: Cow<'a, str>,
    #[serde(borrow)]
    kid: Cow<'a, str>,
}

/// A parsed token that has not been verified yet.
pub(super) struct Token<'a> {
    algorithm: Algorithm,
    key_id: String,
    /// The signed text: header, dot and payload as received.
    signed: &'a str,
    payload: Vec<u8>,
    signature: &'a str,
}

impl<'a> Token<'a> {
    /// Returns `None` if the form is wrong, or the header is not one of ours.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        // The engine refuses padding, other alphabets (and so another dot) and stray bits at the end.
        let decode = |segment: &str| URL_SAFE_NO_PAD.decode(segment).ok();
        let header = decode(header)?;
        let Header { typ, alg, kid } = parse_object(&header)?;
        has_known_type(&typ).then_some(Self {
            algorithm: alg.parse().ok()?,
            key_id: kid.into_owned(),
            signed,
            payload: decode(payload)?,
            signature: decode(signature).map(|_| signature)?,
        })
    }

    /// Returns the id of the key that the token claims to be signed with.
    pub(super) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Returns the payload, if the key signed it. The key determines the algorithm; the header can only
    /// agree.
    pub(super) fn verify(self, key: &Key) -> Option<Vec<u8>> {
        let right = self.algorithm == key.algorithm() && key.verify(self.signed.as_bytes(), self.signature);
        right.then_some(self.payload)
    }
}

/// Returns whether `typ` is that of an access token (RFC 9068, section 4).
pub(super) fn has_known_type(typ: &str) -> bool {
    ["at+jwt", "application/at+jwt"].iter().any(|known| typ.eq_ignore_ascii_case(known))
}

/// Returns whether a header has the members of ours, each once, and no other.
pub(super) fn has_known_members(header: &[u8]) -> bool {
    parse_object::<Header<'_>>(header).is_some()
}

/// Signs a token.
pub(super) fn sign(payload: &Payload<'_>, key: &Key) -> Result<SecretString, AccessTokenError> {
    let header = Header {
        typ: "at+jwt".into(),
        alg: key.algorithm().as_str().into(),
        kid: key.id().0.as_str().into(),
    };
    let mut token = encode(&header)?;
    token.push('.');
    token.push_str(&encode(payload)?);
    let signature = key.sign(token.as_bytes()).map_err(|_| AccessTokenError::Unavailable)?;
    token.push('.');
    token.push_str(&signature);
    Ok(token.into())
}

fn encode(part: &impl Serialize) -> Result<String, AccessTokenError> {
    let json = serde_json::to_vec(part).map_err(|_| AccessTokenError::Unavailable)?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}
