use crate::domain::RegistrationMode;

/// The creation of accounts.
#[derive(Clone, Copy, Debug)]
pub struct RegistrationSettings {
    /// Who may create accounts.
    pub mode: RegistrationMode,
    /// Whether the answer to a registration shows that an email address is taken.
    pub reveal_existing: bool,
}

/// The content of events.
#[derive(Clone, Copy, Debug)]
pub struct EventSettings {
    /// Whether events about a user contain their metadata.
    pub include_metadata: bool,
}
