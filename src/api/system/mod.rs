//! What other services and operators read: keys, metadata, health.
//!
//! **Here**: one file an endpoint.
//!
//! **May use**: `usecases`, `domain` and the rest of `api`.
//!
//! **To add one**: as in `auth/`.

mod health;
mod jwks;
mod metadata;

pub use metadata::ServerMetadata;
use poem_openapi::OpenApi;

/// Every endpoint of this folder.
pub fn routes() -> impl OpenApi {
    (health::Health, jwks::Jwks, metadata::Metadata)
}
