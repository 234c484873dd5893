//! Invitations: users who were created without a password, and set it with the link of a mail. `Register`
//! creates them.

mod accept;
mod find_invited;
mod list;
mod resend;
mod revoke;

use super::use_cases::use_cases;
pub use accept::{AcceptInvitation, AcceptInvitationError};
pub use list::ListInvitations;
pub use resend::{ResendInvitation, ResendInvitationError};
pub use revoke::{RevokeInvitation, RevokeInvitationError};

use_cases! {
    accept: AcceptInvitation { store, mail_tokens, guard, hasher, journal },
    list: ListInvitations { store },
    resend: ResendInvitation { store, inviter, guard, journal, registration_mode },
    revoke: RevokeInvitation { store, journal },
}
