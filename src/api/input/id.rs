use std::borrow::Cow;

use poem_openapi::registry::MetaSchemaRef;
use poem_openapi::types::{ParseError, ParseFromParameter, ParseResult, Type};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// An id in a path, in the form of responses. The library also reads ids without hyphens, in braces and with
/// `urn:uuid:`, which would name the same user by another path, past a rule of a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id(pub Uuid);

impl Type for Id {
    const IS_REQUIRED: bool = true;

    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        Uuid::name()
    }

    fn schema_ref() -> MetaSchemaRef {
        Uuid::schema_ref()
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromParameter for Id {
    fn parse_from_parameter(text: &str) -> ParseResult<Self> {
        let id = Uuid::try_parse(text).ok();
        let id = id.filter(|id| id.hyphenated().encode_lower(&mut [0; Hyphenated::LENGTH]) == text);
        id.map(Self).ok_or_else(|| ParseError::custom("expected an id with hyphens"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_form() {
        let id = Uuid::from_u128(0xabc);
        let parsed = |text: String| Id::parse_from_parameter(&text).ok();
        assert_eq!(parsed(id.to_string()), Some(Id(id)));
        let upper = id.to_string().to_uppercase();
        for other in
            [upper, id.simple().to_string(), id.braced().to_string(), id.urn().to_string(), "7".to_owned()]
        {
            assert_eq!(parsed(other.clone()), None, "{other}");
        }
    }
}
