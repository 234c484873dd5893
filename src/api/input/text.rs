//! The parsing and the schemas of domain types.

use poem_openapi::registry::MetaSchema;
use secrecy::SecretString;
use serde_json::Value;

use super::field::Text;
use crate::api::problem::{FieldCode, Violation};
use crate::domain::{
    Email, Locale, NewPassword, OneLine, Password, PasswordPolicy, Role, Transport, UserStatus,
};

/// The characters that the local part of an address must not have: those of RFC 5322 (`specials`), white
/// space, control characters, invisible ones, and [`Email::NOT_IN_LOCAL`]. A test compares it with the rule.
macro_rules! not_in_addresses {
    () => {
        r"\u0000-\u0020\u007f-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u02c2-\u02c5\u02d2-\u02df\u034f\u037e\u0387\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u1ffd\u2000-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030\u3164\ue000-\uf8ff\ufe00-\ufe6f\ufeff\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffa0\uffe0-\uffff\u0022(),.:;<>@\[\\\]"
    };
}
/// A part of a domain: no hyphen at either end.
macro_rules! label {
    ($letters:literal) => {
        concat!("[", $letters, "](?:[", $letters, "-]*[", $letters, "])?")
    };
}

/// An email address: a dot-atom, and a domain of two labels at least, of which the last one begins with a
/// letter. Without look-ahead, which not every library has.
const EMAIL: &str = concat!(
    "^[^",
    not_in_addresses!(),
    "]+(?:\\.[^",
    not_in_addresses!(),
    "]+)*@(?:",
    label!(r"A-Za-z0-9\u00a1-\uffff"),
    "\\.)+[A-Za-z\\u00a1-\\uffff](?:[A-Za-z0-9\\u00a1-\\uffff-]*[A-Za-z0-9\\u00a1-\\uffff])?$"
);

/// Marks the schema of a new password, to which the document adds the lengths of the policy.
pub(crate) const NEW_PASSWORD: &str = "new-password";

/// No control character (C0, DEL and C1).
const NO_CONTROL: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";

/// One line with a character that is no white space, and without characters that change the direction.
const ONE_LINE: &str = concat!(
    r"^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]*",
    r"[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028-\u202f\u205f\u2066-\u2069\u3000\ufeff]",
    r"[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]*$",
);

/// The greatest length of a token. A longer one is answered like any other that is not valid.
const LONGEST_TOKEN: usize = 512;
const TOKEN_EXAMPLE: &str =
    "svcr_AZkAAAAAcACAAAAAAAAAAQAAAQIHBwcHBwcHBwcHBwcHBwcHLkkywqbvcZALrLNKB63JXXr1bxdONfnt_UHt2FnWrqI";

fn string(format: Option<&'static str>, example: &str) -> MetaSchema {
    MetaSchema { format, example: Some(example.into()), ..MetaSchema::new("string") }
}

fn word(words: &[&str]) -> MetaSchema {
    let enum_items = words.iter().copied().map(Value::from).collect();
    MetaSchema { enum_items, example: words.first().copied().map(Value::from), ..MetaSchema::new("string") }
}

impl Text for Email {
    fn schema() -> MetaSchema {
        let pattern = Some(EMAIL.to_owned());
        MetaSchema {
            max_length: Some(Self::LONGEST),
            pattern,
            ..string(Some("idn-email"), "ada@example.com")
        }
    }

    fn parse(text: &str, _: PasswordPolicy) -> Result<Self, Violation> {
        Ok(Self::parse(text)?)
    }
}

impl Text for Locale {
    fn schema() -> MetaSchema {
        let pattern =
            Some("^[A-Za-z]{2,3}(?:-(?:[A-Za-z0-9]{2,8}|[A-Za-z0-9]-[A-Za-z0-9]{2,8}))*$".to_owned());
        MetaSchema { max_length: Some(Self::LONGEST), pattern, ..string(None, "de-AT") }
    }

    fn parse(text: &str, _: PasswordPolicy) -> Result<Self, Violation> {
        Self::parse(text).map_err(|error| Violation::new(FieldCode::Malformed, error.to_string()))
    }
}

/// Each text that `text!` declares.
impl<T: OneLine> Text for T {
    fn schema() -> MetaSchema {
        let (min_length, max_length) = (Some(1), Some(Self::LONGEST));
        MetaSchema {
            min_length,
            max_length,
            pattern: Some(ONE_LINE.to_owned()),
            ..string(None, Self::EXAMPLE)
        }
    }

    fn parse(text: &str, _: PasswordPolicy) -> Result<Self, Violation> {
        Ok(<Self as OneLine>::parse(text)?)
    }
}

/// The document adds the lengths of the configured policy.
impl Text for NewPassword {
    fn schema() -> MetaSchema {
        let schema = string(Some(NEW_PASSWORD), "correct horse battery");
        MetaSchema { pattern: Some(NO_CONTROL.to_owned()), ..schema }
    }

    fn parse(text: &str, policy: PasswordPolicy) -> Result<Self, Violation> {
        Ok(Self::parse(text, policy)?)
    }
}

/// Any text is accepted, because it is only compared.
impl Text for Password {
    fn schema() -> MetaSchema {
        let max_length = Some(PasswordPolicy::MOST);
        MetaSchema { max_length, ..string(Some("password"), "correct horse battery") }
    }

    fn parse(text: &str, _: PasswordPolicy) -> Result<Self, Violation> {
        Ok(Self::new(text))
    }
}

/// A token. The use case decides whether it is valid, with the same error for every invalid one.
impl Text for SecretString {
    fn schema() -> MetaSchema {
        MetaSchema { max_length: Some(LONGEST_TOKEN), ..string(Some("password"), TOKEN_EXAMPLE) }
    }

    fn parse(text: &str, _: PasswordPolicy) -> Result<Self, Violation> {
        Ok(Self::from(text))
    }
}

/// Implements [`Text`] for types that `words!` declares.
macro_rules! of_words {
    ($($type:ty),+) => {$(
        impl Text for $type {
            fn schema() -> MetaSchema {
                word(Self::WORDS)
            }

            fn parse(text: &str, _: PasswordPolicy) -> Result<Self, Violation> {
                Ok(text.parse::<Self>()?)
            }
        }
    )+};
}

of_words!(Role, Transport, UserStatus);

#[cfg(test)]
mod tests {
    use std::iter::Peekable;
    use std::str::Chars;

    use super::*;

    /// Reads one character of a class in a pattern.
    fn character(rest: &mut Peekable<Chars<'_>>) -> Option<u32> {
        match rest.next()? {
            '\\' => match rest.next()? {
                'u' => u32::from_str_radix(&rest.by_ref().take(4).collect::<String>(), 16).ok(),
                escaped => Some(u32::from(escaped)),
            },
            c => Some(u32::from(c)),
        }
    }

    /// Returns whether a class in a pattern has a character.
    fn has(class: &str) -> impl Fn(char) -> bool {
        let mut rest = class.chars().peekable();
        let mut ranges = Vec::new();
        while let Some(first) = character(&mut rest) {
            let last = rest.next_if_eq(&'-').and_then(|_| character(&mut rest)).unwrap_or(first);
            ranges.push(first..=last);
        }
        move |c| ranges.iter().any(|range| range.contains(&u32::from(c)))
    }

    /// In the basic plane. Beyond it, how a range is written differs between the languages of patterns.
    #[test]
    fn the_pattern_of_an_address_refuses_the_characters_that_the_rule_refuses() {
        let is_refused = has(not_in_addresses!());
        for c in ('\u{1}'..='\u{FFFF}').filter(|c| *c != '.') {
            let parsed = Email::parse(&format!("a{c}b@b.cd"));
            // The rule applies to the normal form, which for a few characters is another one.
            let is_another = parsed.as_ref().is_ok_and(|email| !email.as_str().contains(c));
            assert!(is_another || parsed.is_err() == is_refused(c), "{c:?}: {parsed:?}");
        }
    }
}
