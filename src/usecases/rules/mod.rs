//! Rules that several use cases share.
//!
//! **Here**: one file per rule. A rule is a function or a small struct that a use case calls; it is no
//! operation of the service.
//!
//! **May use**: `domain`, `ports`, the journal, other rules and the recorder of mail requests.
//!
//! **To add one**: a file and its `mod` here. A rule that the container or a caller names has a `pub use`
//! too.

pub(super) mod deletion;
pub(super) mod find_mail_token;
pub(super) mod find_user;
pub(super) mod guard;
pub(super) mod last_admin;
pub(super) mod mailed_password;
pub(super) mod new_account;
pub(super) mod open_session;
pub(super) mod precondition;
pub(super) mod random_pause;
pub(super) mod revocation;
pub(super) mod stored_key;
pub(super) mod token_pair;
pub(super) mod verified_account;
pub(super) mod verify_password;

pub use guard::Guard;
pub use new_account::{AccountCreator, NewUser};
pub use precondition::Precondition;
pub use random_pause::RandomPause;
pub use stored_key::{NamedKey, StoredKeyError, StoredKeys};
pub use token_pair::{TokenIssuer, TokenPair};
pub use verify_password::VerifyPassword;
