use super::event::Actor;
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

impl RegistrationMode {
    /// Whether this actor may create the account of another person, or let one in by sending an invitation
    /// again.
    #[must_use]
    pub const fn lets_create(self, actor: Actor) -> bool {
        match (self, actor) {
            (Self::Open | Self::Invite, _) | (Self::Closed, Actor::Operator(_) | Actor::Service) => true,
            (Self::Closed, Actor::User(_)) => false,
        }
    }
}
