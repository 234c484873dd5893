//! What the use cases need, as traits.
//!
//! **Here**: one file a need (store, hasher, tokens, clock), with the errors that it may answer.
//!
//! **May use**: `domain`.
//!
//! **To add one**: a trait here with no library in its signature, an adapter in `adapters/`, a field in the
//! container, and a contract test that every adapter of it passes.

mod clock;
mod hasher;
mod migrations;
pub mod store;
mod tokens;

pub use clock::{Clock, Ids};
pub use hasher::{HasherError, PasswordHasher, Verification};
pub use migrations::{Migration, Migrations};
pub use store::{Constraint, Store, StoreError, UnitOfWork};
pub use tokens::{
    AccessClaims, AccessTokenError, AccessTokens, KeyError, KeyFactory, PresentedRefreshToken, PublicJwk,
    RefreshTokens,
};
