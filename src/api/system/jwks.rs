use poem_openapi::param::Header;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use crate::api::problem::Rejection;
use crate::api::service::Service;
use crate::api::system::caching::Cacheable;
use crate::api::tags::Tag;
use crate::usecases::Failure;

pub struct Jwks;

/// The public keys (RFC 7517).
#[derive(Object)]
#[oai(rename = "KeySet", example)]
pub struct KeySetView {
    /// The keys, oldest first
    keys: Vec<JsonWebKeyView>,
}

/// A public key (RFC 7517): an elliptic curve key (RFC 7518), an Edwards curve key (RFC 8037) or an RSA key.
#[derive(Deserialize, Object)]
#[oai(rename = "JsonWebKey", skip_serializing_if_is_none)]
pub struct JsonWebKeyView {
    /// Type of the key: `EC`, `OKP` or `RSA`
    kty: String,
    /// Use of the key: `sig`, to verify signatures
    #[oai(rename = "use")]
    #[serde(rename = "use")]
    usage: String,
    /// Algorithm of its signatures: `ES256`, `EdDSA` or `RS256`
    alg: String,
    /// ID of the key, which the header of a token names
    kid: String,
    /// Curve of the key: `P-256` or `Ed25519`
    crv: Option<String>,
    /// First coordinate of the point, or the Edwards key, in base64url
    x: Option<String>,
    /// Second coordinate of the point, in base64url
    y: Option<String>,
    /// Modulus of an RSA key, in base64url
    n: Option<String>,
    /// Exponent of an RSA key, in base64url
    e: Option<String>,
}

#[OpenApi(prefix_path = "/.well-known", tag = "Tag::Keys")]
impl Jwks {
    /// List the public keys
    ///
    /// Other services verify access tokens with these keys, without a request to this service (RFC 7517).
    /// A client that finds an unknown `kid` in a token requests the keys again.
    /// With HS256, the list is empty once the keys of an earlier algorithm are removed.
    #[oai(path = "/jwks.json", method = "get", operation_id = "jwks")]
    async fn jwks(
        &self,
        service: Service<'_>,
        /// The `ETag` of the keys that the client has
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
    ) -> Result<Cacheable<KeySetView>, Rejection<Failure>> {
        let published = service.keys.publish.run().await?;
        let all: Vec<_> = published.keys.iter().map(|key| key.0.as_str()).collect();
        let (content, held) = (all.concat(), if_none_match.as_deref());
        Ok(Cacheable::new(content.as_bytes(), held, published.cacheable, || KeySetView {
            keys: all.iter().filter_map(|key| serde_json::from_str(key).ok()).collect(),
        }))
    }
}

impl Example for KeySetView {
    fn example() -> Self {
        Self {
            keys: vec![JsonWebKeyView {
                kty: "EC".to_owned(),
                usage: "sig".to_owned(),
                alg: "ES256".to_owned(),
                kid: "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U".to_owned(),
                crv: Some("P-256".to_owned()),
                x: Some("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4".to_owned()),
                y: Some("4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM".to_owned()),
                n: None,
                e: None,
            }],
        }
    }
}
