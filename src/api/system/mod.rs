//! Endpoints for other services and operators: keys, metadata, health.
//!
//! **Here**: one file per endpoint.
//!
//! **May use**: `usecases`, `domain` and the rest of `api`.
//!
//! **To add one**: as in `auth/`.

mod health;
mod jwks;
mod metadata;

pub use metadata::{ServerFacts, ServerMetadata};
use poem_openapi::OpenApi;

use crate::domain::SigningKey;

/// The endpoints of this folder.
pub fn routes() -> impl OpenApi {
    (health::Health, jwks::Jwks, metadata::Metadata)
}

/// The `Cache-Control` of the published keys and of what names them.
fn caching(is_current: bool) -> String {
    if is_current {
        format!("public, max-age={}", SigningKey::CACHED.as_secs())
    } else {
        // A key that is published now and becomes active in five minutes may be missing.
        "no-cache".to_owned()
    }
}
