//! Signing keys: prepare one, publish them, seal them under the present secret key.

pub(super) mod prepare;
pub(super) mod publish;
pub(super) mod seal;
