/// Why a database operation failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The operation violates a constraint of the schema.
    #[error("the store rejected the change: {0:?}")]
    Conflict(Constraint),
    /// The database is unreachable, overloaded or too slow. The text is for operators, not for clients.
    #[error("the store is unreachable: {0}")]
    Unavailable(String),
    /// The database accepts no writes: it is a standby, or was set to read-only. The text is for operators.
    #[error("the store is read-only: {0}")]
    ReadOnly(String),
    /// The database answered, and something keeps it from the operation. The text is for operators.
    #[error("the store refuses the operation: {1}")]
    Blocked(Obstacle, String),
    /// No retry helps until an operator changes what the text names. The text is for operators.
    #[error("the store cannot be used: {1}")]
    Unusable(Unusable, String),
    /// The direct connection to the database (`database.direct_url`) has this fault. The text is for
    /// operators.
    #[error("database.direct_url: {0}")]
    Direct(Box<Self>),
    /// The stored data is invalid, or the schema is not the one that this binary needs. The text is for
    /// operators.
    #[error("unexpected data in the store: {0}")]
    Corrupt(String),
}

impl StoreError {
    /// Whether the database would give wrong results, so that it must not be used.
    #[must_use]
    pub fn is_unsupported(&self) -> bool {
        match self {
            Self::Unusable(Unusable::Unsupported, _) => true,
            Self::Direct(error) => error.is_unsupported(),
            _ => false,
        }
    }

    /// Whether the same attempt may succeed moments later, without an operator. The files that a
    /// process or a server may not open now are open elsewhere.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Blocked(Obstacle::OpenFiles | Obstacle::ServerFiles, _))
    }
}

/// The correction that an operator has to make before the database can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// The user, the password or the rights: the server rejects the log-in.
    Login,
    /// The address: there is no such server or database, or another program listens there.
    Address,
    /// The database or the connection to it: it would give wrong results, so it is never used.
    Unsupported,
}

/// The thing that keeps a database from an operation. The service goes on as soon as it is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The schema is not up to date.
    Schema,
    /// The role lacks a right on a table, or the process one on a file of the database.
    Rights,
    /// The disk is full or fails.
    Disk,
    /// The process, or the system, has as many open files as it may have.
    OpenFiles,
    /// The database server has as many open files as it may have.
    ServerFiles,
    /// There is no such file or folder, or the one is in place of the other.
    NoFile,
}

/// The constraints that use cases react to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// An email address belongs to at most one user.
    UserEmail,
    /// At most one signing key per algorithm is active, and at most one is going to be.
    SigningKeyStage,
    /// Any other constraint. No use case should violate one.
    Other,
}
