use poem_openapi::registry::MetaSchema;
use serde_json::Value;

use crate::api::problem::{FieldCode, Violation};
use crate::domain::PasswordPolicy;
use crate::usecases::Patch;

/// A type that is a text in a body or in a query.
pub trait Text: Sized {
    /// The schema for the documentation, with an example.
    fn schema() -> MetaSchema;

    /// Parses the text. The policy is for new passwords.
    fn parse(text: &str, policy: PasswordPolicy) -> Result<Self, Violation>;
}

/// A member of a body.
pub trait Field: Sized {
    /// Whether the member is required.
    const REQUIRED: bool;
    /// The bytes that a body may have for this member in addition to `limits.body_bytes`.
    const ROOM: usize = 0;

    /// The schema for the documentation, with an example.
    fn schema() -> MetaSchema;

    /// Parses the member; `value` is `None` if it is absent. The error has every violation in it.
    fn read(value: Option<Value>, policy: PasswordPolicy) -> Result<Self, Vec<Violation>>;
}

impl<T: Text> Field for T {
    const REQUIRED: bool = true;

    fn schema() -> MetaSchema {
        <T as Text>::schema()
    }

    fn read(value: Option<Value>, policy: PasswordPolicy) -> Result<Self, Vec<Violation>> {
        match value {
            None => Err(vec![Violation::missing()]),
            Some(Value::String(text)) => T::parse(&text, policy).map_err(|violation| vec![violation]),
            Some(_) => Err(vec![Violation::new(FieldCode::WrongType, "expected a string")]),
        }
    }
}

impl Field for bool {
    const REQUIRED: bool = true;

    fn schema() -> MetaSchema {
        MetaSchema { example: Some(Value::Bool(true)), ..MetaSchema::new("boolean") }
    }

    fn read(value: Option<Value>, _: PasswordPolicy) -> Result<Self, Vec<Violation>> {
        match value {
            None => Err(vec![Violation::missing()]),
            Some(Value::Bool(value)) => Ok(value),
            Some(_) => Err(vec![Violation::new(FieldCode::WrongType, "expected true or false")]),
        }
    }
}

/// Absent and `null` both mean `None`.
impl<T: Field> Field for Option<T> {
    const REQUIRED: bool = false;
    const ROOM: usize = T::ROOM;

    fn schema() -> MetaSchema {
        MetaSchema { nullable: true, ..T::schema() }
    }

    fn read(value: Option<Value>, policy: PasswordPolicy) -> Result<Self, Vec<Violation>> {
        match value {
            None | Some(Value::Null) => Ok(None),
            value => T::read(value, policy).map(Some),
        }
    }
}

/// A member of a merge patch for a property that always has a value: absent keeps it, and `null` is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replace<T>(pub Option<T>);

impl<T: Field> Field for Replace<T> {
    const REQUIRED: bool = false;
    const ROOM: usize = T::ROOM;

    fn schema() -> MetaSchema {
        T::schema()
    }

    fn read(value: Option<Value>, policy: PasswordPolicy) -> Result<Self, Vec<Violation>> {
        value.map(|value| T::read(Some(value), policy)).transpose().map(Self)
    }
}

/// A member of a merge patch (RFC 7396): absent keeps the property, `null` removes its value.
impl<T: Field> Field for Patch<T> {
    const REQUIRED: bool = false;
    const ROOM: usize = T::ROOM;

    fn schema() -> MetaSchema {
        MetaSchema { nullable: true, ..T::schema() }
    }

    fn read(value: Option<Value>, policy: PasswordPolicy) -> Result<Self, Vec<Violation>> {
        match value {
            None => Ok(Self::Keep),
            Some(Value::Null) => Ok(Self::Clear),
            value => T::read(value, policy).map(Self::Set),
        }
    }
}
