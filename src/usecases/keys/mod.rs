//! Signing keys: prepare one, publish them, seal them under the present secret key.

mod prepare;
mod publish;
mod seal;

pub use prepare::{PrepareSigningKey, PrepareSigningKeyError};
pub use publish::PublishKeys;
pub use seal::SealSigningKeys;
