//! Tokens, and the secret key that they are made with.
//!
//! **Here**: `secret_key`, the key hierarchy; `refresh` and `mail`, tokens that are authenticated by a MAC;
//! `introduction`, by which `svc doctor` recognizes the service; `jwt`, access tokens and the signing keys.
//!
//! **May use**: `domain`, `ports`, aws-lc-rs and jsonwebtoken.

pub mod introduction;
pub mod jwt;
pub mod mail;
pub mod refresh;
pub mod secret_key;
