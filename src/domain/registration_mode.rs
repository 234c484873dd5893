use super::user::words;

/// Who may create accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RegistrationMode {
    /// Anyone, for themselves.
    Open,
    /// Administrators and operators.
    Invite,
    /// Operators, on the command line.
    Closed,
}

words!(RegistrationMode { Open = "open", Invite = "invite", Closed = "closed" });
