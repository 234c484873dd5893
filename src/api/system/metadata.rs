use std::sync::Arc;

use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};

use crate::api::tags::Tag;

pub struct Metadata;

/// The metadata of the server (RFC 8414). There is no authorization endpoint.
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
}

#[OpenApi(prefix_path = "/.well-known", tag = "Tag::Keys")]
impl Metadata {
    /// Describe the server
    ///
    /// Lets libraries find the public keys by the issuer (RFC 8414).
    #[oai(path = "/oauth-authorization-server", method = "get", operation_id = "server_metadata")]
    async fn metadata(&self, metadata: Data<&Arc<ServerMetadata>>) -> Json<ServerMetadata> {
        Json(ServerMetadata::clone(&metadata))
    }
}

impl ServerMetadata {
    /// The metadata of a service with this issuer and public URL.
    #[must_use]
    pub fn new(issuer: &str, public_url: &str, publishes_keys: bool, docs: bool) -> Self {
        Self {
            issuer: issuer.to_owned(),
            jwks_uri: publishes_keys.then(|| format!("{public_url}/.well-known/jwks.json")),
            service_documentation: docs.then(|| format!("{public_url}/docs")),
            response_types_supported: Vec::new(),
            grant_types_supported: Vec::new(),
        }
    }
}

impl Example for ServerMetadata {
    fn example() -> Self {
        Self::new("https://auth.example.com", "https://auth.example.com", true, true)
    }
}
