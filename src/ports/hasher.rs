use async_trait::async_trait;

use crate::domain::{Password, PasswordHash};

/// Hashes passwords, at a cost that is meant to hurt.
///
/// The work belongs to the hasher: a caller that goes away frees nothing early, so memory stays bounded.
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Hashes a password with a salt of its own.
    async fn hash(&self, password: &Password) -> Result<PasswordHash, HasherError>;

    /// Takes a place in the line of passwords to be verified, or is refused. Come here before reading what the password is
    /// verified against: so nothing is read for whoever is refused, however many come.
    fn line_up(&self) -> Result<Box<dyn Turn + '_>, HasherError>;
}

/// A place in the line, which is given up when this is dropped.
#[async_trait]
pub trait Turn: Send {
    /// Verifies a password when its turn has come. With no hash to verify against, or an unusable one, it does the same work and says no,
    /// so that time does not tell whether an account exists.
    async fn verify(
        self: Box<Self>,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<Verification, HasherError>;
}

/// What came of verifying a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    /// It is another one.
    Wrong,
    /// It is the one.
    Right,
    /// It is the one, and its hash is weaker than new ones are: make a new one.
    RightButOutdated,
}

/// Why nothing was hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HasherError {
    /// More work is waiting than can begin in time; try again later.
    #[error("too many passwords are waiting to be hashed")]
    Overloaded,
}
