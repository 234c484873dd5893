use poem_openapi::param::Header;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde_json::{Value, json};

use crate::api::precondition::{content_etag, is_held};
use crate::api::problem::Rejection;
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::SigningKey;
use crate::ports::PublishedKeys;
use crate::usecases::Failure;

pub struct Jwks;

/// The public keys (RFC 7517).
#[derive(Object)]
#[oai(rename = "KeySet", example)]
pub struct KeySetView {
    /// The keys, oldest first
    keys: Vec<Value>,
}

#[derive(ApiResponse)]
pub enum KeySet {
    /// The keys
    #[oai(status = 200)]
    Keys(
        Json<KeySetView>,
        /// Identifies this set of keys, for `If-None-Match`
        #[oai(header = "ETag")]
        String,
        /// How long the keys may be cached. A client that finds an unknown `kid` in a token requests the keys
        /// again
        #[oai(header = "Cache-Control")]
        String,
    ),
    /// The client already has these keys
    #[oai(status = 304)]
    NotModified(
        /// Identifies this set of keys, for `If-None-Match`
        #[oai(header = "ETag")]
        String,
        /// How long the keys may be cached
        #[oai(header = "Cache-Control")]
        String,
    ),
}

#[OpenApi(prefix_path = "/.well-known", tag = "Tag::System")]
impl Jwks {
    /// List the public keys
    ///
    /// Other services verify access tokens with these keys, without a request to this service (RFC 7517).
    /// With HS256, the list is empty.
    #[oai(path = "/jwks.json", method = "get", operation_id = "jwks")]
    async fn jwks(
        &self,
        service: Service<'_>,
        /// The `ETag` of the keys that the client has
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
    ) -> Result<KeySet, Rejection<Failure>> {
        let PublishedKeys { keys, cacheable } = service.publish_keys.run().await?;
        let all: Vec<_> = keys.iter().map(|key| key.0.as_str()).collect();
        let caching = if cacheable {
            format!("public, max-age={}", SigningKey::CACHED.as_secs())
        } else {
            // A key that is published now and becomes active in five minutes may be missing.
            "no-cache".to_owned()
        };
        let etag = content_etag(all.concat().as_bytes());
        if if_none_match.as_deref().is_some_and(|held| is_held(held, &etag)) {
            return Ok(KeySet::NotModified(etag, caching));
        }
        let keys = keys.iter().filter_map(|key| serde_json::from_str(&key.0).ok()).collect();
        Ok(KeySet::Keys(Json(KeySetView { keys }), etag, caching))
    }
}

impl Example for KeySetView {
    fn example() -> Self {
        Self {
            keys: vec![json!({
                "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256",
                "kid": "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U",
                "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
                "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
            })],
        }
    }
}
