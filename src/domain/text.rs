//! Texts of one line with a bounded length, and the characters that no text of a user may contain.

use unicode_normalization::UnicodeNormalization;

/// A text of one line with a bounded length. `text!` declares one.
pub trait OneLine: Sized {
    /// The greatest length, in characters. The least is one.
    const LONGEST: usize;
    /// A value for the documentation.
    const EXAMPLE: &'static str;

    /// Trims the text, normalizes it (NFC) and checks it.
    fn parse(text: &str) -> Result<Self, TextError>;
}

/// Why a text is not valid. Each variant has the name of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Only white space.
    #[error("the {0} must have at least one character")]
    Empty(&'static str),
    /// Only white space, where a text is not required.
    #[error("the {0} must have at least one character; omit it to have none")]
    EmptyOptional(&'static str),
    /// More characters than this limit.
    #[error("the {0} must have at most {1} characters")]
    TooLong(&'static str, usize),
    /// A line break, another control character, or one that changes the writing direction.
    #[error("the {0} must be one line without control characters")]
    Control(&'static str),
}

/// Declares a text: its type, how it is parsed, and what the API needs to read and document it.
///
/// ```text
/// text! {
///     /// The title of a note.
///     NoteTitle, "title", 1..=200, one_line, "Shopping list"
/// }
/// ```
///
/// Write `, optional` after the example of a text that may be omitted: the error for an empty one says so.
macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $value:literal, 1..=$longest:literal, one_line, $example:literal) => {
        $crate::domain::text::text! { @declare $(#[$doc])* $name, $value, $longest, $example, Empty }
    };
    ($(#[$doc:meta])* $name:ident, $value:literal, 1..=$longest:literal, one_line, $example:literal, optional) => {
        $crate::domain::text::text! { @declare $(#[$doc])* $name, $value, $longest, $example, EmptyOptional }
    };
    (@declare $(#[$doc:meta])* $name:ident, $value:literal, $longest:literal, $example:literal, $empty:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Wraps a text from storage without checking it again.
            #[must_use]
            pub const fn stored(text: String) -> Self {
                Self(text)
            }

            /// The text, trimmed and in NFC.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl $crate::domain::OneLine for $name {
            const LONGEST: usize = $longest;
            const EXAMPLE: &'static str = $example;

            fn parse(text: &str) -> Result<Self, $crate::domain::TextError> {
                $crate::domain::text::one_line(text, $value, $longest, $crate::domain::TextError::$empty).map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(super) use text;

/// The function of every text that `text!` declares.
pub(super) fn one_line(
    text: &str,
    value: &'static str,
    longest: usize,
    empty: fn(&'static str) -> TextError,
) -> Result<String, TextError> {
    let text: String = text.trim().nfc().collect();
    if text.is_empty() {
        Err(empty(value))
    } else if text.chars().count() > longest {
        Err(TextError::TooLong(value, longest))
    } else if text.chars().any(is_control) {
        Err(TextError::Control(value))
    } else {
        Ok(text)
    }
}

/// Whether `c` is a control character (C0, C1, the line and paragraph separators) or reorders the text around
/// it (the bidirectional overrides and isolates of UAX #9). Neither is ever part of a name, and both make a
/// log line or a page display something other than its content.
pub(super) fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Whether `c` is invisible, so that two texts that differ only in it look the same: the property
/// `Default_Ignorable_Code_Point` of Unicode 16.
pub(super) fn is_invisible(c: char) -> bool {
    is_control(c)
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
        )
}
