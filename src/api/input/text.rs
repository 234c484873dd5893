//! The parsing and the schemas of domain types.

use poem_openapi::registry::MetaSchema;
use secrecy::SecretString;
use serde_json::Value;

use super::field::Text;
use crate::api::problem::Violation;
use crate::domain::{Email, NewPassword, OneLine, Password, PasswordPolicy, Role, Transport, UserStatus};

fn string(format: Option<&'static str>, example: &str) -> MetaSchema {
    MetaSchema { format, example: Some(example.into()), ..MetaSchema::new("string") }
}

fn word(words: &[&str]) -> MetaSchema {
    let enum_items = words.iter().copied().map(Value::from).collect();
    MetaSchema { enum_items, example: words.first().copied().map(Value::from), ..MetaSchema::new("string") }
}

impl Text for Email {
    fn schema() -> MetaSchema {
        MetaSchema { max_length: Some(Self::LONGEST), ..string(Some("email"), "ada@example.com") }
    }

    fn parse(text: &str, _: PasswordPolicy) -> Result<Self, Violation> {
        Ok(Self::parse(text)?)
    }
}

/// Each text that `text!` declares.
impl<T: OneLine> Text for T {
    fn schema() -> MetaSchema {
        MetaSchema { min_length: Some(1), max_length: Some(Self::LONGEST), ..string(None, Self::EXAMPLE) }
    }

    fn parse(text: &str, _: PasswordPolicy) -> Result<Self, Violation> {
        Ok(<Self as OneLine>::parse(text)?)
    }
}

/// The schema contains the minimum of every policy. A violation of the configured policy is a 422.
impl Text for NewPassword {
    fn schema() -> MetaSchema {
        let schema = string(Some("password"), "correct horse battery");
        MetaSchema { min_length: Some(PasswordPolicy::LEAST), write_only: true, ..schema }
    }

    fn parse(text: &str, policy: PasswordPolicy) -> Result<Self, Violation> {
        Ok(Self::parse(text, policy)?)
    }
}

/// Any text is accepted, because it is only compared.
impl Text for Password {
    fn schema() -> MetaSchema {
        MetaSchema { write_only: true, ..string(Some("password"), "correct horse battery") }
    }

    fn parse(text: &str, _: PasswordPolicy) -> Result<Self, Violation> {
        Ok(Self::new(text))
    }
}

/// A token. The use case decides whether it is valid, with the same error for every invalid one.
impl Text for SecretString {
    fn schema() -> MetaSchema {
        MetaSchema { write_only: true, ..string(Some("password"), "svcr_AZk2b3…") }
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
