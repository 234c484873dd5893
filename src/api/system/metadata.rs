use std::collections::BTreeSet;
use std::sync::Arc;

use poem::web::Data;
use poem_openapi::param::Header;
use poem_openapi::types::{Example, ToJSON};
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use crate::api::service::Service;
use crate::api::system::caching::Cacheable;
use crate::api::tags::Tag;
use crate::domain::{Algorithm, UserClaims};
use crate::ports::{PublicJwk, PublishedKeys};

/// The claims that every access token has.
const CLAIMS: [&str; 11] =
    ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp", "client_id", "role", "roles"];

pub struct Metadata;

/// The metadata of the server (RFC 8414), with the members that readers of OpenID Connect Discovery need.
/// There is no authorization endpoint, no token endpoint and no ID token.
#[derive(Clone, Debug, Object)]
#[oai(rename = "ServerMetadata", skip_serializing_if_is_none, example)]
pub struct ServerMetadata {
    /// The `iss` claim of all tokens
    pub issuer: String,
    /// URL of the public keys, if there are any
    pub jwks_uri: Option<String>,
    /// URL of the API documentation, unless it is disabled
    pub service_documentation: Option<String>,
    /// Empty: the service has no response types of OAuth 2.0
    pub response_types_supported: Vec<String>,
    /// Empty: the service has no grants of OAuth 2.0
    pub grant_types_supported: Vec<String>,
    /// `public`: every service sees the same `sub` of a user
    pub subject_types_supported: Vec<String>,
    /// Algorithms of access tokens: that of new ones, and those of the published keys. The service issues no
    /// ID tokens; many readers take the algorithms that they accept from here
    pub id_token_signing_alg_values_supported: Vec<String>,
    /// The claims of access tokens
    pub claims_supported: Vec<String>,
}

/// What the metadata says about an installation.
#[derive(Clone, Copy, Debug)]
pub struct ServerFacts<'a> {
    /// `iss`.
    pub issuer: &'a str,
    /// The URL at which clients reach the service.
    pub public_url: &'a str,
    /// The algorithm of new tokens.
    pub algorithm: Algorithm,
    /// The claims that tokens have beyond those that every token has.
    pub user_claims: &'a UserClaims,
    /// Whether there is an API documentation.
    pub has_docs: bool,
}

/// The metadata of an installation, which the published keys complete.
#[derive(Clone, Debug)]
pub struct ServerDescription {
    without_keys: ServerMetadata,
    /// That of new tokens.
    algorithm: Algorithm,
    keys_url: String,
}

#[OpenApi(prefix_path = "/.well-known", tag = "Tag::Keys")]
impl Metadata {
    /// Describe the server
    ///
    /// Lets libraries find the public keys by the issuer (RFC 8414).
    #[oai(path = "/oauth-authorization-server", method = "get", operation_id = "server_metadata")]
    async fn metadata(
        &self,
        service: Service<'_>,
        description: Data<&Arc<ServerDescription>>,
        /// The `ETag` of the version that the client has
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
    ) -> Cacheable<ServerMetadata> {
        described(&service, &description, if_none_match.as_deref()).await
    }

    /// Describe the server to readers of OpenID Connect
    ///
    /// Answers the same document at the path where libraries for OpenID Connect look for it (OpenID Connect
    /// Discovery 1.0).
    #[oai(path = "/openid-configuration", method = "get", operation_id = "openid_configuration")]
    async fn openid_configuration(
        &self,
        service: Service<'_>,
        description: Data<&Arc<ServerDescription>>,
        /// The `ETag` of the version that the client has
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
    ) -> Cacheable<ServerMetadata> {
        described(&service, &description, if_none_match.as_deref()).await
    }
}

async fn described(
    service: &Service<'_>,
    description: &ServerDescription,
    held: Option<&str>,
) -> Cacheable<ServerMetadata> {
    // Without the keys, the metadata names the algorithm of the settings alone, and is not to be cached.
    let published = service.keys.publish.run().await;
    let published = published.unwrap_or(PublishedKeys { keys: Vec::new(), cacheable: false });
    let metadata = description.with_keys(&published.keys);
    let content = metadata.to_json_string();
    Cacheable::new(content.as_bytes(), held, published.cacheable, || metadata)
}

/// The algorithm of a published key.
#[derive(Deserialize)]
struct KeyAlgorithm {
    alg: String,
}

impl ServerDescription {
    /// The metadata of an installation, as far as the settings determine it.
    #[must_use]
    pub fn new(facts: &ServerFacts<'_>) -> Self {
        let ServerFacts { issuer, public_url, algorithm, user_claims, has_docs } = *facts;
        let without_keys = ServerMetadata {
            issuer: issuer.to_owned(),
            jwks_uri: None,
            service_documentation: has_docs.then(|| format!("{public_url}/docs")),
            response_types_supported: Vec::new(),
            grant_types_supported: Vec::new(),
            subject_types_supported: vec!["public".to_owned()],
            id_token_signing_alg_values_supported: Vec::new(),
            claims_supported: CLAIMS.into_iter().chain(user_claims.names()).map(str::to_owned).collect(),
        };
        Self { without_keys, algorithm, keys_url: format!("{public_url}/.well-known/jwks.json") }
    }

    /// The metadata with the algorithms of tokens that others can verify, and the URL of their keys. Without
    /// such tokens, HS256 is the only algorithm.
    ///
    /// Tokens with HS256 are verified by the service alone, and its key is not published. Beside public keys,
    /// it would invite a reader to take one of them for the secret.
    fn with_keys(&self, keys: &[PublicJwk]) -> ServerMetadata {
        let of_new = (self.algorithm != Algorithm::Hs256).then(|| self.algorithm.to_string());
        let of_keys = keys.iter().filter_map(|key| serde_json::from_str::<KeyAlgorithm>(&key.0).ok());
        // Sorted, so that the text does not depend on the order of the keys.
        let of_keys: BTreeSet<String> = of_keys.map(|key| key.alg).collect();
        let of_others = of_keys.into_iter().filter(|algorithm| Some(algorithm) != of_new.as_ref());
        let mut algorithms: Vec<String> = of_new.clone().into_iter().chain(of_others).collect();
        let jwks_uri = (!algorithms.is_empty()).then(|| self.keys_url.clone());
        if algorithms.is_empty() {
            algorithms.push(Algorithm::Hs256.to_string());
        }
        ServerMetadata {
            jwks_uri,
            id_token_signing_alg_values_supported: algorithms,
            ..self.without_keys.clone()
        }
    }
}

impl Example for ServerMetadata {
    fn example() -> Self {
        let facts = ServerFacts {
            issuer: "https://auth.example.com",
            public_url: "https://auth.example.com",
            algorithm: Algorithm::Es256,
            user_claims: &UserClaims::default(),
            has_docs: true,
        };
        ServerDescription::new(&facts).with_keys(&[])
    }
}
