use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;

use crate::domain::{Email, HashCensus, HashCost, Password, PasswordHash, Prefix};

/// Hashes passwords, at a cost that is meant to hurt.
///
/// The work belongs to the hasher: a caller that goes away frees nothing early, so memory stays bounded.
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Hashes a password with a salt of its own.
    async fn hash(&self, origin: &Origin, password: &Password) -> Result<PasswordHash, HasherError>;

    /// What it costs to verify a hash; `None` for a hash that is never verified: an unusable one, one of an unknown scheme, or
    /// one that costs too much.
    fn cost_of(&self, hash: &PasswordHash) -> Option<HashCost>;

    /// Takes a place in the line of passwords to be verified, or is refused. Come here before reading what the password is
    /// verified against: so nothing is read for whoever is refused, however many come.
    fn reserve(&self, origin: &Origin) -> Result<Box<dyn Permit + '_>, HasherError>;
}

/// The client and the account that a password is hashed for, as far as they are known. Each has at most a
/// share of the line, and those of different clients and accounts have their turns one after the other. The
/// default is of no client, as on the command line, and has no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The network that the client is in.
    pub client: Option<Prefix>,
    /// The account, by what makes it unique.
    pub account: Option<Arc<str>>,
}

impl Origin {
    /// A client that gives a password for the account with this email address, whether or not there is one.
    #[must_use]
    pub fn new(client: Option<IpAddr>, email: &Email) -> Self {
        Self { client: client.map(Prefix::of), account: Some(email.key().into()) }
    }
}

/// A place in the line, which is given up when this is dropped.
#[async_trait]
pub trait Permit: Send {
    /// Verifies a password when its turn has come. With no hash, or one that is never verified, it verifies the decoy and
    /// says no, so that time does not tell whether an account exists.
    async fn verify(
        self: Box<Self>,
        password: &Password,
        hash: Option<&PasswordHash>,
        decoy: &Decoy,
    ) -> Result<Verification, HasherError>;
}

/// A hash that no password has, for an address without an account: it costs what the hash of an account might.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoy {
    /// What it costs to verify; `None`: as much as a new hash.
    pub cost: Option<HashCost>,
    /// What its salt and output are made of. An address has the same ones each time, as an account has.
    pub seed: [u8; 32],
}

/// Chooses decoys, in the proportions of the hashes of all accounts.
pub trait Decoys: Send + Sync {
    /// The decoy of an address, whether or not there is an account. An address has the same one until the census changes.
    fn of(&self, email: &Email) -> Decoy;

    /// Chooses by this census from now on.
    fn use_census(&self, census: HashCensus);
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
