//! Tokens, and the secret key that they are made with.
//!
//! **Here**: `secret_key`, the key hierarchy; `refresh` and `mail`, tokens that are authenticated by a MAC;
//! `jwt`, access tokens and the signing keys.
//!
//! **May use**: `domain`, `ports`, aws-lc-rs and jsonwebtoken.

pub mod jwt;
pub mod mail;
pub mod refresh;
pub mod secret_key;
