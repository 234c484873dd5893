use super::event::Actor;
use super::words::words;

words! {
    /// Who may create accounts.
    #[derive(Hash)]
    pub enum RegistrationMode {
        /// Anyone, for themselves.
        Open = "open",
        /// Administrators and operators.
        Invite = "invite",
        /// Operators, on the command line.
        Closed = "closed",
    }
}

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
