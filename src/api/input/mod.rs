//! What a client gives: bodies and query parameters, read into domain types with every fault reported at once.
//!
//! **Here**: the `input!` macro that declares a body, its reader (`body.rs`, `json.rs`), query parameters
//! (`query.rs`), and how each type is read and documented (`field.rs`, `text.rs`, `page.rs`).
//!
//! **May use**: `domain`, `problem`, poem, poem-openapi.
//!
//! **To add one**: a body is an `input!` beside its endpoint; a type that bodies can hold is an impl of
//! [`Text`] in `text.rs`.

mod body;
mod field;
mod json;
mod mailed_token;
mod page;
mod query;
mod text;

pub use body::{Declared, Input, JsonBody};
pub use field::{Field, Replace, Text};
pub use json::Members;
pub use mailed_token::MailedToken;
pub use page::{Cursor, Limit};
pub use query::Checked;
pub(crate) use query::checked;

/// Declares a JSON body: the struct, its schema and its reader.
///
/// ```text
/// input! {
///     /// What a person gives to register.
///     pub struct RegisterBody {
///         /// Where they are reached.
///         pub email: Email,
///         /// What they want to be called.
///         pub name: Option<DisplayName>,
///     }
/// }
/// ```
macro_rules! input {
    (
        $(#[doc = $about:literal])+
        $seen:vis struct $name:ident {
            $($(#[doc = $doc:literal])+ $field_seen:vis $field:ident: $type:ty,)+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug)]
        $seen struct $name {
            $($(#[doc = $doc])+ $field_seen $field: $type,)+
        }

        impl $crate::api::input::Input for $name {
            const NAME: &'static str = stringify!($name);
            const ABOUT: &'static str = concat!($($about, "\n"),+).trim_ascii();

            fn fields() -> Vec<$crate::api::input::Declared> {
                vec![$($crate::api::input::Declared::of::<$type>(
                    stringify!($field),
                    concat!($($doc, "\n"),+).trim_ascii(),
                )),+]
            }

            fn read(members: &mut $crate::api::input::Members) -> Option<Self> {
                $(let $field = members.take::<$type>(stringify!($field));)+
                Some(Self { $($field: $field?),+ })
            }
        }
    };
}
pub(crate) use input;
