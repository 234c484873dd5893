use poem_openapi::ApiResponse;
use poem_openapi::payload::Json;
use poem_openapi::types::ToJSON;

use crate::api::precondition::{content_etag, is_held};
use crate::domain::SigningKey;

/// A document that clients cache: the published keys, and what names them.
#[derive(ApiResponse)]
pub enum Cacheable<T: ToJSON> {
    /// The document
    #[oai(status = 200)]
    Whole(
        Json<T>,
        /// Identifies this version of the document, for `If-None-Match`
        #[oai(header = "ETag")]
        String,
        /// How long the document may be cached
        #[oai(header = "Cache-Control")]
        String,
    ),
    /// The client already has this version
    #[oai(status = 304)]
    NotModified(
        /// Identifies this version of the document, for `If-None-Match`
        #[oai(header = "ETag")]
        String,
        /// How long the document may be cached
        #[oai(header = "Cache-Control")]
        String,
    ),
}

impl<T: ToJSON> Cacheable<T> {
    /// The answer to a client whose `If-None-Match` is `held`. `content` identifies the version of the
    /// document.
    pub fn new(content: &[u8], held: Option<&str>, is_current: bool, document: impl FnOnce() -> T) -> Self {
        let etag = content_etag(content);
        let caching = if is_current {
            format!("public, max-age={}", SigningKey::CACHED.as_secs())
        } else {
            // A key that is published now and becomes active in five minutes may be missing.
            "no-cache".to_owned()
        };
        if held.is_some_and(|held| is_held(held, &etag)) {
            return Self::NotModified(etag, caching);
        }
        Self::Whole(Json(document()), etag, caching)
    }
}
