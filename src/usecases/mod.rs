//! The operations of the service.
//!
//! **Here**: one file per use case, named by its verb. Each is a small struct with the ports that it needs
//! and one `run`. Its error enum names every reason for which it can be refused.
//!
//! `journal` appends events, and `rules` has what several share.
//!
//! **May use**: `domain` and `ports`.
//!
//! **To add one**: a file in the folder of its resource, its lines in that folder's `mod.rs`, and its caller:
//! an endpoint in `api/` or a subcommand in `cli/`. A new folder has a line in the list below.

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
mod shared;
mod system;
mod tokens;
mod use_cases;
mod users;

use std::sync::Arc;

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
use shared::Shared;
pub use shared::UseCaseSettings;
pub use system::*;
pub use tokens::*;
pub use users::*;

/// Makes [`UseCases`] of the folders that have use cases.
macro_rules! folders {
    ($($folder:ident),+) => {
        /// All use cases, by folder and file.
        #[expect(missing_docs, reason = "each folder is documented in its `mod.rs`")]
        pub struct UseCases {
            $(pub $folder: $folder::UseCases,)+
            pub undelivered_refreshes: Arc<UndeliveredRefreshes>,
        }

        impl UseCases {
            /// Gives each use case its ports.
            #[must_use]
            pub fn new(ports: Ports, settings: UseCaseSettings) -> Self {
                let shared = Shared::new(ports, settings);
                Self {
                    $($folder: $folder::UseCases::new(&shared),)+
                    undelivered_refreshes: shared.undelivered_refreshes,
                }
            }
        }
    };
}

folders! {
    audit, auth, bans, events, invitations, keys, mail,
    me, passwords, sessions, system, tokens, users
}
