use std::fmt;

use unicode_normalization::UnicodeNormalization;

use super::text::is_control;

/// The display name of a user: one line, in any script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayName(String);

/// Why a text is not a valid display name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisplayNameError {
    /// Only white space.
    #[error("the name must have at least one character; omit it to have none")]
    Empty,
    /// More than [`DisplayName::LONGEST`] characters.
    #[error("the name must have at most {} characters", DisplayName::LONGEST)]
    TooLong,
    /// A control character, or one that changes the writing direction.
    #[error("the name must not contain control characters")]
    Control,
}

impl DisplayName {
    /// The greatest length, in characters.
    pub const LONGEST: usize = 100;

    /// Trims the text and normalizes it (NFC).
    pub fn parse(text: &str) -> Result<Self, DisplayNameError> {
        let name: String = text.trim().nfc().collect();
        if name.is_empty() {
            Err(DisplayNameError::Empty)
        } else if name.chars().count() > Self::LONGEST {
            Err(DisplayNameError::TooLong)
        } else if name.chars().any(is_control) {
            Err(DisplayNameError::Control)
        } else {
            Ok(Self(name))
        }
    }

    /// Wraps a name from storage without checking it again.
    #[must_use]
    pub fn stored(name: String) -> Self {
        Self(name)
    }

    /// The name, trimmed and in NFC.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_script_pass() {
        for name in ["Ada", "محمد", "e\u{301}lodie", "山田 太郎", "👩‍🚀", "O'Brien-Łukasz"] {
            assert!(DisplayName::parse(name).is_ok(), "{name}");
        }
        assert_eq!(DisplayName::parse(" e\u{301} ").unwrap().as_str(), "é");
    }

    #[test]
    fn control_and_length_are_refused() {
        for name in ["a\0b", "a\nb", "a\u{7f}", "a\u{202E}b", "a\u{2028}b"] {
            assert_eq!(DisplayName::parse(name), Err(DisplayNameError::Control), "{name:?}");
        }
        assert_eq!(DisplayName::parse("  "), Err(DisplayNameError::Empty));
        assert_eq!(DisplayName::parse(&"é".repeat(101)), Err(DisplayNameError::TooLong));
        assert!(DisplayName::parse(&"é".repeat(100)).is_ok());
    }
}
