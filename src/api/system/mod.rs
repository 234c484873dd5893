//! Endpoints for other services and operators: keys, metadata, health.
//!
//! **Here**: one file per endpoint, and what the metadata says about an installation (`description`).
//!
//! **May use**: `usecases`, `domain` and the rest of `api`.
//!
//! **To add one**: as in `auth/`.

mod caching;
mod description;
mod health;
mod jwks;
mod metadata;

pub use description::{ServerDescription, ServerFacts};
use poem_openapi::OpenApi;

/// The endpoints of this folder.
pub fn routes() -> impl OpenApi {
    (health::Health, jwks::Jwks, metadata::Metadata)
}
