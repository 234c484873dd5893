//! What an answer holds.
//!
//! **Here**: one file a thing that is shown, with its example for the documentation, and [`Shown`], which writes it.
//!
//! **May use**: `domain`, `usecases`, poem-openapi.
//!
//! **To add one**: an `Object` with a doc a field, `From` the domain's type, and an `Example`.

mod nullable;
mod session;
mod shown;
mod token_pair;
mod user;

pub use session::SessionPageView;
pub use shown::Shown;
pub use token_pair::TokenPairView;
pub use user::{UserPageView, UserView};
