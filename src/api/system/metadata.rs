use poem_openapi::OpenApi;
use poem_openapi::param::Header;
use poem_openapi::types::ToJSON as _;

use super::description::ServerMetadata;
use crate::api::service::Service;
use crate::api::system::caching::Cacheable;
use crate::api::tags::Tag;
use crate::ports::PublishedKeys;

pub struct Metadata;

#[OpenApi(prefix_path = "/.well-known", tag = "Tag::Keys")]
impl Metadata {
    /// Describe the server
    ///
    /// Lets libraries find the public keys by the issuer (RFC 8414).
    #[oai(path = "/oauth-authorization-server", method = "get", operation_id = "server_metadata")]
    async fn metadata(
        &self,
        service: Service<'_>,
        /// The `ETag` of the version that the client has
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
    ) -> Cacheable<ServerMetadata> {
        described(service, if_none_match.as_deref()).await
    }

    /// Describe the server to readers of OpenID Connect
    ///
    /// Answers the same document at the path where libraries for OpenID Connect look for it (OpenID Connect
    /// Discovery 1.0).
    #[oai(path = "/openid-configuration", method = "get", operation_id = "openid_configuration")]
    async fn openid_configuration(
        &self,
        service: Service<'_>,
        /// The `ETag` of the version that the client has
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
    ) -> Cacheable<ServerMetadata> {
        described(service, if_none_match.as_deref()).await
    }
}

async fn described(service: Service<'_>, held: Option<&str>) -> Cacheable<ServerMetadata> {
    // Without the keys, the metadata names the algorithm of the settings alone, and is not to be cached.
    let published = service.keys.publish.run().await;
    let published = published.unwrap_or(PublishedKeys { keys: Vec::new(), cacheable: false });
    let metadata = service.description().with_keys(&published.keys);
    let content = metadata.to_json_string();
    Cacheable::new(content.as_bytes(), held, published.cacheable, || metadata)
}
