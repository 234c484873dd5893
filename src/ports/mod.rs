//! The interfaces that the use cases need, as traits.
//!
//! **Here**: one file per need (store, hasher, tokens, clock), with its error types.
//!
//! **May use**: `domain`.
//!
//! **To add one**: a trait here without library types in its signature, an adapter in `adapters/`, a field in
//! the container, and a contract test that all its adapters pass.

mod account_pages;
mod ban_list;
mod cache;
mod clock;
pub mod events;
pub mod inspection;
mod mail;
mod mail_templates;
mod mail_tokens;
mod memo;
mod migrations;
mod password_hasher;
mod rate_limiter;
mod security_log;
pub mod store;
mod token_inspection;
mod tokens;

pub use account_pages::{AccountPage, AccountPages, Logo};
pub use ban_list::{BanList, Banned, NotLoaded};
pub use cache::{Cache, SharedCache};
pub use clock::{Clock, Ids};
pub use mail::{Mail, MailError, Mailer};
pub use mail_templates::{MailDraft, MailLink, MailTemplateError, MailTemplates, MailTopic};
pub use mail_tokens::{MailTokens, MintedMailToken};
pub use memo::Memo;
pub use migrations::{Migration, Migrations};
pub use password_hasher::{
    Decoy, Decoys, HasherError, NotVerified, Origin, PasswordHasher, Permit, Verification,
};
pub use rate_limiter::{RateLimited, RateLimiter};
pub use security_log::{Decision, Door, Outcome, SecurityLog};
pub use store::{Constraint, Obstacle, Store, StoreError, StoreProbe, UnitOfWork, Unusable};
pub use token_inspection::{CheckOutcome, InspectedToken, TokenCheck, TokenPart};
pub use tokens::{
    AccessClaims, AccessTokenError, AccessTokens, InspectedRefreshToken, KeyError, KeyFactory,
    PresentedRefreshToken, PublicJwk, PublishedKeys, REFRESH_TOKEN_PREFIX, RefreshTokens, UnsignedToken,
};
