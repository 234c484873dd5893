//! The endpoints for other services and operators: keys, metadata, health, and the documentation.

mod algorithms;
mod documentation;
mod health;
mod jwks;
mod metadata;
mod public_url;
mod rotation;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Header, Validation, decode, decode_header};
use serde_json::Value;

use crate::support::App;

/// The audience and the issuer of a service in a test.
const SERVICE: &str = "http://svc.test";

/// Returns the published keys.
async fn keys(app: &App) -> Value {
    app.client.get("/.well-known/jwks.json", None).await.expect(200)
}

/// Verifies a token as any other service would, with the published keys alone. Does not check the times,
/// because the clock is that of the tests. Returns `None` if no key matches.
fn verify(token: &str, keys: &Value) -> Option<(Header, Value)> {
    let keys: JwkSet = serde_json::from_value(keys.clone()).unwrap();
    let header = decode_header(token).unwrap();
    let key = keys.find(header.kid.as_ref().unwrap())?;
    let mut validation = Validation::new(header.alg);
    validation.set_audience(&[SERVICE]);
    validation.set_issuer(&[SERVICE]);
    validation.validate_exp = false;
    let decoded = decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &validation).unwrap();
    Some((decoded.header, decoded.claims))
}
