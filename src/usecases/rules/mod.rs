//! Rules that several use cases share.

pub(super) mod deletion;
pub(super) mod find_user;
pub(super) mod guard;
pub(super) mod last_admin;
pub(super) mod open_session;
pub(super) mod precondition;
pub(super) mod revocation;
pub(super) mod token_pair;
pub(super) mod verified_account;
pub(super) mod verify_password;

pub use guard::Guard;
pub use precondition::Precondition;
pub use token_pair::{TokenIssuer, TokenPair};
pub use verify_password::VerifyPassword;
