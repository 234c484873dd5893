//! Rules that several use cases share.

pub(super) mod find_user;
pub(super) mod guard;
pub(super) mod open_session;
pub(super) mod token_pair;
pub(super) mod verify_password;

pub use guard::Guard;
pub use token_pair::{TokenIssuer, TokenPair};
pub use verify_password::VerifyPassword;
