//! Access tokens, for operators.

mod inspect;

pub use inspect::{InspectToken, TokenReport};
