//! Access tokens as signed JWTs (RFC 9068), and the keys that sign them.
//!
//! **Here**: [`JwtAccessTokens`] (`access_tokens`) and [`JwtKeyFactory`] (`factory`). A token is parsed
//! (`token`), its key is looked up by its id among those of the store (`key_ring`), and its claims are
//! checked (`claims`). A verified token is remembered (`verified`), because checking its signature takes ten
//! times as long as the rest of a request. `inspect` makes the same checks for an operator, and says which
//! fail. A private key (`key`) is stored encrypted (`seal`).
//!
//! **May use**: `ports`, `domain`, `secret_key`, moka, jsonwebtoken and, to make keys, aws-lc-rs.
//! jsonwebtoken makes and verifies signatures and writes JWKs. All other checks are made here: jsonwebtoken
//! checks the requirements of RFC 8725 only where they are switched on, member by member, and never checks
//! `typ` and `crit`.
//!
//! **To add an algorithm**: a variant in `domain`, an arm in `key`, and its line in the tests.

mod access_tokens;
mod claims;
mod factory;
mod inspect;
mod key;
mod key_ring;
mod pem;
mod seal;
#[cfg(test)]
mod tests;
mod token;
mod verified;

pub use self::access_tokens::JwtAccessTokens;
pub use self::claims::JwtSettings;
pub use self::factory::JwtKeyFactory;
