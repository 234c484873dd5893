//! What an answer holds.
//!
//! **Here**: one file a thing that is shown, with its example for the documentation.
//!
//! **May use**: `domain`, `usecases`, poem-openapi.
//!
//! **To add one**: an `Object` with a doc a field, `From` the domain's type, and an `Example`.

mod nullable;
mod session;
mod token_pair;
mod user;

pub use session::SessionListView;
pub use token_pair::TokenPairView;
pub use user::{UserPageView, UserView};
