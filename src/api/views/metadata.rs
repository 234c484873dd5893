use std::borrow::Cow;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
use serde::ser::{Error as _, SerializeMap as _};
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::domain::{Metadata, MetadataPatch};

const NAME: &str = "Metadata";
const ABOUT: &str = "Data that an application keeps about a user: a JSON object of at most 8192 bytes as compact JSON, \
    with at most 16 levels.";

/// Metadata as a member of an answer. Its text is written as it is stored.
#[derive(Clone, Debug, Default)]
pub struct MetadataView(pub Metadata);

impl Serialize for MetadataView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_empty() {
            return serializer.serialize_map(Some(0))?.end();
        }
        let text = RawValue::from_string(self.0.as_str().to_owned()).map_err(S::Error::custom)?;
        text.serialize(serializer)
    }
}

impl Type for MetadataView {
    const IS_REQUIRED: bool = true;

    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        NAME.into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Reference(NAME.to_owned())
    }

    fn register(registry: &mut Registry) {
        registry.create_schema::<Self, _>(NAME.to_owned(), |_| MetaSchema {
            description: Some(ABOUT),
            additional_properties: Some(Box::new(MetaSchemaRef::Inline(Box::new(MetaSchema::ANY)))),
            ..MetaSchema::new("object")
        });
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromJSON for MetadataView {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let patch = MetadataPatch::parse(value.unwrap_or_default()).map_err(|errors| {
            let first = errors.into_iter().next().map(|invalid| invalid.to_string());
            ParseError::custom(first.unwrap_or_default())
        })?;
        Metadata::default().patched(&patch).map(Self).map_err(ParseError::custom)
    }
}

impl ToJSON for MetadataView {
    fn to_json(&self) -> Option<Value> {
        Some(Value::Object(self.0.members()))
    }
}
