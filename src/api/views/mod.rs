//! Response bodies.
//!
//! **Here**: one file per resource, with its example for the documentation, and [`Shown`], which writes a
//! body, with [`Written`], a body that can be kept.
//!
//! **May use**: `domain`, `usecases`, poem-openapi.
//!
//! **To add one**: an `Object` with a doc comment per field, `From` the domain type, and an `Example`; the
//! greatest lengths of its texts in `docs/rules/bounds.rs`. A body of one resource alone may be beside its
//! endpoints instead.

mod invitation;
mod metadata;
pub mod nullable;
pub mod page;
mod session;
mod shown;
mod token_pair;
mod user;

pub use invitation::{InvitationPageView, InvitationView};
pub use session::SessionPageView;
pub use shown::{Shown, Written};
pub use token_pair::TokenPairView;
pub use user::{UserPageView, UserView};
