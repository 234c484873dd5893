use crate::domain::signing_key::SigningKey;

/// A change of one key, with the key after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyChange {
    /// It was generated, and is pending.
    Generated(SigningKey),
    /// The moment of its activation was set.
    Planned(SigningKey),
    /// It became active.
    Activated(SigningKey),
    /// It was retired.
    Retired(SigningKey),
    /// It was removed.
    Removed(SigningKey),
    /// It was declared compromised, and is accepted no more.
    Compromised(SigningKey),
}

impl KeyChange {
    /// The key after the change.
    #[must_use]
    pub const fn key(&self) -> &SigningKey {
        match self {
            Self::Generated(key)
            | Self::Planned(key)
            | Self::Activated(key)
            | Self::Retired(key)
            | Self::Removed(key)
            | Self::Compromised(key) => key,
        }
    }

    /// The word for the change.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Generated(_) => "generated",
            Self::Planned(_) => "planned",
            Self::Activated(_) => "activated",
            Self::Retired(_) => "retired",
            Self::Removed(_) => "removed",
            Self::Compromised(_) => "compromised",
        }
    }
}
