//! Request input: bodies and query parameters, parsed into domain types with all errors reported together.
//!
//! **Here**: the `input!` macro that declares a body, its parser (`body.rs`, `json.rs`, `strict.rs`, and
//! `unreadable.rs` for the errors of JSON that it cannot read), query parameters (`query.rs`), ids in paths
//! (`id.rs`), and the parsing and documentation of each type (`field.rs`, `text.rs`, `page.rs`,
//! `metadata.rs`).
//!
//! **May use**: `domain`, `problem`, poem, poem-openapi.
//!
//! **To add one**: a body is an `input!` next to its endpoint; a type for its members is an impl of [`Text`]
//! in `text.rs`.

mod accepted_language;
mod body;
mod field;
mod id;
mod json;
mod mailed_token;
mod metadata;
mod page;
mod query;
mod strict;
mod text;
mod unreadable;

pub use accepted_language::AcceptedLanguage;
pub use body::{Declared, Input, JsonBody, bytes};
pub use field::{Field, Replace, Text};
pub use id::Id;
pub use json::Members;
pub use mailed_token::MailedToken;
pub use metadata::{METADATA_ROOM, metadata_patch};
pub use page::{Cursor, Limit};
pub use query::Checked;
pub(crate) use query::checked;
pub(crate) use text::NEW_PASSWORD;

/// Declares a JSON body: the struct, its schema and its parser. The doc comments are the descriptions in the
/// documentation.
///
/// ```text
/// input! {
///     /// The data of a registration.
///     pub struct RegisterBody {
///         /// The email address
///         pub email: Email,
///         /// The display name
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
            const ROOM: usize = 0 $(+ <$type as $crate::api::input::Field>::ROOM)+;

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
