//! Invitations: users who were created without a password, and set it with the link of a mail. `Register`
//! creates them.

mod accept;
mod find_invited;
mod list;
mod resend;
mod revoke;

pub use accept::{AcceptInvitation, AcceptInvitationError};
pub use list::ListInvitations;
pub use resend::{ResendInvitation, ResendInvitationError};
pub use revoke::{RevokeInvitation, RevokeInvitationError};
