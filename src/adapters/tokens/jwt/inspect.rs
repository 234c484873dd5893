//! Takes a token apart for an operator, and says of each check whether it passes. The verdict is that of
//! [`verify`](crate::ports::AccessTokens::verify): the tests of forged tokens compare the two.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::access_tokens::JwtAccessTokens;
use super::claims::{Claims, LEEWAY, has_expired, id, moment};
use super::token::{LONGEST, Token, has_known_members, has_known_type};
use crate::domain::{Algorithm, SessionId, Timestamp, UserId};
use crate::ports::{AccessTokenError, CheckOutcome, InspectedToken, TokenCheck, TokenPart};

type Object = Map<String, Value>;

impl JwtAccessTokens {
    /// Makes all checks that the parts before them allow. Fails only if the keys are unavailable.
    pub(super) async fn take_apart(&self, text: &str) -> Result<InspectedToken, AccessTokenError> {
        let mut found = InspectedToken::default();
        let segments = match segments(text) {
            Ok(segments) => segments,
            Err(why) => {
                found.fail(TokenPart::Form, why);
                return Ok(found);
            }
        };
        found.pass(TokenPart::Form);
        self.check_header(text, &segments, &mut found).await?;
        self.check_payload(&segments, &mut found);
        Ok(found)
    }

    async fn check_header(
        &self,
        text: &str,
        segments: &Segments,
        found: &mut InspectedToken,
    ) -> Result<(), AccessTokenError> {
        let header = &segments.header;
        found.header = Some(Value::Object(header.clone()).to_string());
        let of = |name: &str| header.get(name).and_then(Value::as_str);
        let known = has_known_members(&segments.header_bytes);
        found.check(TokenPart::Header, known, || {
            "a member other than typ, alg and kid, one that is missing, repeated or not a text".to_owned()
        });
        let typed = of("typ").is_some_and(has_known_type);
        found.check(TokenPart::Type, typed, || {
            format!("typ is {}, not at+jwt: this is no access token", shown(header.get("typ")))
        });
        let algorithm = of("alg").and_then(|name| name.parse::<Algorithm>().ok());
        found.key_id = of("kid").map(str::to_owned);
        let key = match of("kid") {
            Some(id) => match self.ring.named(id).await {
                Ok(key) => Some(key),
                Err(AccessTokenError::Invalid | AccessTokenError::Expired) => None,
                Err(AccessTokenError::Unavailable) => return Err(AccessTokenError::Unavailable),
            },
            None => None,
        };
        let Some(key) = key else {
            found.fail(TokenPart::Key, format!(
                "no published key has the ID {}: the key was removed, or another installation signed the token",
                shown(header.get("kid"))
            ));
            found.skip(TokenPart::Algorithm);
            found.skip(TokenPart::Signature);
            return Ok(());
        };
        found.pass(TokenPart::Key);
        found.check(TokenPart::Algorithm, algorithm == Some(key.algorithm()), || {
            format!("alg is {}, but the key signs with {}", shown(header.get("alg")), key.algorithm())
        });
        match Token::parse(text) {
            Some(token) => found.check(TokenPart::Signature, token.verify(&key).is_some(), || {
                "the key did not make this signature: the token was changed or forged".to_owned()
            }),
            None => found.skip(TokenPart::Signature),
        }
        Ok(())
    }

    fn check_payload(&self, segments: &Segments, found: &mut InspectedToken) {
        let payload = &segments.payload;
        let of = |name: &str| payload.get(name).and_then(Value::as_str);
        let at = |name: &str| payload.get(name).and_then(Value::as_i64).and_then(moment);
        found.payload = Some(Value::Object(payload.clone()).to_string());
        found.user_id = of("sub").and_then(id).map(UserId);
        found.session_id = of("sid").and_then(id).map(SessionId);
        (found.issued_at, found.expires_at) = (at("iat"), at("exp"));

        let now = self.clock.now();
        let (issuer, audience) = (self.settings.issuer.as_str(), self.settings.audience.as_str());
        let times = issued(at("iat"), at("nbf"), at("exp"), now);
        let strict = Claims::parse(&segments.payload_bytes);
        let claims = strict.as_ref().and_then(|claims| claims.check(&self.settings, now));
        let is_ours = of("iss") == Some(issuer) && of("aud") == Some(audience) && times.is_ok();
        match (&strict, &claims) {
            (None, _) => found.fail(
                TokenPart::Claims,
                "a claim with a meaning that this service does not know, or one that is missing, repeated or of a \
                 wrong type"
                    .to_owned(),
            ),
            (Some(_), None) if is_ours => found.fail(
                TokenPart::Claims,
                "sub, sid, jti, client_id, role or roles has a value that this service does not write".to_owned(),
            ),
            (Some(_), _) => found.pass(TokenPart::Claims),
        }
        found.check(TokenPart::Issuer, of("iss") == Some(issuer), || {
            format!(
                "issued by {}; this service is {issuer:?} (security.token.issuer)",
                shown(payload.get("iss"))
            )
        });
        found.check(TokenPart::Audience, of("aud") == Some(audience), || {
            format!(
                "for {}; this service accepts only tokens for {audience:?}, the first one of security.token.audience",
                shown(payload.get("aud"))
            )
        });
        match times {
            Ok(()) => found.pass(TokenPart::Issued),
            Err(why) => found.fail(TokenPart::Issued, why),
        }
        match (&claims, found.expires_at) {
            (Some(claims), _) => {
                found.check(TokenPart::Expiry, !has_expired(claims, now), || expired(claims.expires_at));
            }
            (None, Some(at)) if now >= at.plus(LEEWAY) => found.fail(TokenPart::Expiry, expired(at)),
            (None, Some(_)) => found.pass(TokenPart::Expiry),
            (None, None) => found.skip(TokenPart::Expiry),
        }
    }
}

/// The decoded segments of a token.
struct Segments {
    header: Object,
    header_bytes: Vec<u8>,
    payload: Object,
    payload_bytes: Vec<u8>,
}

fn segments(text: &str) -> Result<Segments, String> {
    if text.len() > LONGEST {
        return Err(format!("longer than {LONGEST} bytes"));
    }
    let parts: Vec<&str> = text.split('.').collect();
    let [header, payload, signature] = parts.as_slice() else {
        return Err("not three segments with dots between them".to_owned());
    };
    let decode = |name: &str, segment: &str| {
        URL_SAFE_NO_PAD.decode(segment).map_err(|_| format!("the {name} is not base64url without padding"))
    };
    let object = |name: &str, bytes: &[u8]| match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(format!("the {name} is not a JSON object")),
    };
    let (header_bytes, payload_bytes) = (decode("header", header)?, decode("payload", payload)?);
    decode("signature", signature)?;
    let (header, payload) = (object("header", &header_bytes)?, object("payload", &payload_bytes)?);
    Ok(Segments { header, header_bytes, payload, payload_bytes })
}

/// The check of the times, which allows for the difference between two clocks.
fn issued(
    issued_at: Option<Timestamp>,
    begins_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), String> {
    let (Some(issued_at), Some(begins_at), Some(expires_at)) = (issued_at, begins_at, expires_at) else {
        return Err("iat, nbf or exp is missing, or no time".to_owned());
    };
    if issued_at.max(begins_at) > now.plus(LEEWAY) {
        return Err(format!(
            "valid only from {}: the clock of its issuer is ahead",
            issued_at.max(begins_at)
        ));
    }
    if issued_at >= expires_at {
        return Err("exp is not after iat".to_owned());
    }
    Ok(())
}

fn expired(at: Timestamp) -> String {
    format!("expired at {at}")
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "missing".to_owned(), ToString::to_string)
}

impl InspectedToken {
    fn add(&mut self, part: TokenPart, outcome: CheckOutcome) {
        self.checks.push(TokenCheck { part, outcome });
    }

    fn pass(&mut self, part: TokenPart) {
        self.add(part, CheckOutcome::Passed);
    }

    fn fail(&mut self, part: TokenPart, why: impl Into<String>) {
        self.add(part, CheckOutcome::Failed(why.into()));
    }

    fn skip(&mut self, part: TokenPart) {
        self.add(part, CheckOutcome::Skipped);
    }

    fn check(&mut self, part: TokenPart, passed: bool, why: impl FnOnce() -> String) {
        if passed { self.pass(part) } else { self.fail(part, why()) }
    }
}
