use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;

use crate::domain::{Email, HashCensus, HashCost, Password, PasswordHash, Prefix};

/// Hashes passwords. This is expensive by design.
///
/// The hasher owns its work: a caller that is cancelled frees nothing early, so memory use stays bounded.
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Hashes a password with a new salt.
    async fn hash(&self, origin: &Origin, password: &Password) -> Result<PasswordHash, HasherError>;

    /// The cost of verifying a hash. Fails for a hash that is never verified.
    fn cost_of(&self, hash: &PasswordHash) -> Result<HashCost, NotVerified>;

    /// Reserves a permit, or refuses. Call it before the hash is read, so that refused requests read nothing,
    /// however many there are.
    fn reserve(&self, origin: &Origin) -> Result<Box<dyn Permit + '_>, HasherError>;
}

/// The client and the account for which a password is hashed, as far as they are known. Each has a limited
/// share of the permits, and the clients and accounts are served in turn. The default has no client, as on
/// the command line, and no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The network of the client.
    pub client: Option<Prefix>,
    /// The account, by its unique key.
    pub account: Option<Arc<str>>,
}

impl Origin {
    /// The origin of a client that presents a password for this email address, whether or not an account
    /// exists.
    #[must_use]
    pub fn new(client: Option<IpAddr>, email: &Email) -> Self {
        Self { client: client.map(Prefix::of), account: Some(email.key().into()) }
    }
}

/// A permit: the right to use a worker of the password pool. Dropping it returns it.
#[async_trait]
pub trait Permit: Send {
    /// Verifies a password when a worker is free. Without a hash, or with one that is never verified, it
    /// verifies the decoy and returns `Wrong`, so that the response time does not reveal whether an account
    /// exists.
    async fn verify(
        self: Box<Self>,
        password: &Password,
        hash: Option<&PasswordHash>,
        decoy: &Decoy,
    ) -> Result<Verification, HasherError>;
}

/// A hash that no password matches, for an email address without an account. It costs as much as the hash of
/// an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoy {
    /// The cost of verifying it; `None` for the cost of a new hash.
    pub cost: Option<HashCost>,
    /// The seed of its salt and output. It is the same for an email address each time, as it is for an
    /// account.
    pub seed: [u8; 32],
}

/// Chooses decoys in proportion to the costs of the hashes of all accounts.
pub trait Decoys: Send + Sync {
    /// The decoy of an email address, whether or not an account exists. It stays the same until the census
    /// changes.
    fn of(&self, email: &Email) -> Decoy;

    /// Replaces the census.
    fn use_census(&self, census: HashCensus);
}

/// The result of verifying a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    /// The password does not match.
    Wrong,
    /// The password matches.
    Right,
    /// The password matches, but the hash is weaker than new ones and should be replaced.
    RightButOutdated,
}

/// Why a hash is never verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotVerified {
    /// The scheme is unknown, or the hash is damaged or unusable.
    #[error(
        "the hash is malformed, or its scheme is unknown: bcrypt is known as $2a$, $2b$ or $2y$, and Argon2, \
         scrypt, pbkdf2-sha256 and pbkdf2-sha512 as PHC strings"
    )]
    Unreadable,
    /// The cost is above the limits.
    #[error("the hash costs too much to verify: more than 512 MiB of memory, or about a second")]
    TooCostly,
}

/// Why a password was not hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HasherError {
    /// More work is waiting than can start in time. Retry later.
    #[error("too many passwords are waiting to be hashed")]
    Overloaded,
}
