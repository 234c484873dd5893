//! Access tokens, for operators.

mod inspect;

use super::use_cases::use_cases;
pub use inspect::{InspectToken, TokenReport};

use_cases! {
    inspect: InspectToken { access_tokens, stored_keys },
}
