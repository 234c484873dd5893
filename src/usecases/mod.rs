//! The operations of the service.
//!
//! **Here**: one file per use case, named by its verb. Each is a small struct with the ports that it needs
//! and one `run`. Its error enum names every reason for which it can be refused.
//!
//! `journal` appends events, and `rules` has what several share.
//!
//! **May use**: `domain` and `ports`.
//!
//! **To add one**: a file in the folder of its resource, its lines in that folder's `mod.rs`, a line in the
//! list of `use_cases.rs`, and its caller: an endpoint in `api/` or a subcommand in `cli/`.

mod audit;
mod auth;
mod bans;
mod events;
mod failure;
mod invitations;
mod journal;
mod keys;
mod mail;
mod me;
mod page;
mod passwords;
mod patch;
mod ports;
mod rules;
mod sessions;
mod system;
mod tokens;
mod use_cases;
mod users;

pub use audit::*;
pub use auth::*;
pub use bans::*;
pub use events::*;
pub use failure::Failure;
pub use invitations::*;
pub use keys::*;
pub use mail::*;
pub use me::*;
pub use page::Page;
pub use passwords::*;
pub use patch::Patch;
pub use ports::Ports;
pub use rules::*;
pub use sessions::*;
pub use system::*;
pub use tokens::*;
pub use use_cases::{UseCaseSettings, UseCases};
pub use users::*;
