use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::field::Field;
use super::strict::Strict;
use super::unreadable::faults;
use crate::api::problem::{MOST_ERRORS, Violation};
use crate::domain::{Metadata, MetadataPatch, PasswordPolicy};

/// The room for full metadata in a body. Its limit is that of compact UTF-8; as sent, a character of two
/// bytes may be an escape of six (`\u00e9`), as many clients write it.
pub const METADATA_ROOM: usize = 3 * Metadata::LONGEST;

fn schema() -> MetaSchema {
    MetaSchema {
        additional_properties: Some(Box::new(MetaSchemaRef::Inline(Box::new(MetaSchema::ANY)))),
        example: Some(json!({ "theme": "dark" })),
        ..MetaSchema::new("object")
    }
}

/// Reads a merge patch of metadata from a text. The error says what is wrong and where.
pub fn metadata_patch(text: &str) -> Result<MetadataPatch, String> {
    match serde_json::from_str(text) {
        Ok(Strict(value)) => MetadataPatch::parse(value)
            .map_err(|errors| sentence(&errors.into_iter().map(Violation::from).collect::<Vec<_>>())),
        Err(error) => {
            let raw: Option<&RawValue> = serde_json::from_str(text).ok();
            let faults = raw.map(faults).unwrap_or_default();
            if faults.is_empty() {
                return Err(format!("not valid JSON at line {} column {}", error.line(), error.column()));
            }
            Err(sentence(&faults))
        }
    }
}

/// The violations as a sentence: no more of them than a person corrects at once.
fn sentence(violations: &[Violation]) -> String {
    let first: Vec<String> = violations.iter().take(MOST_ERRORS).map(ToString::to_string).collect();
    let end = if violations.len() > first.len() { "; and more" } else { "" };
    first.join("; ") + end
}

/// A merge patch of metadata.
impl Field for MetadataPatch {
    const REQUIRED: bool = true;
    const ROOM: usize = METADATA_ROOM;

    fn schema() -> MetaSchema {
        schema()
    }

    fn read(value: Option<Value>, _: PasswordPolicy) -> Result<Self, Vec<Violation>> {
        let value = value.ok_or_else(|| vec![Violation::missing()])?;
        Self::parse(value).map_err(|errors| errors.into_iter().map(Violation::from).collect())
    }
}

/// The metadata of a new user. It is read like a merge patch of no metadata: a member that is null is absent.
impl Field for Metadata {
    const REQUIRED: bool = true;
    const ROOM: usize = METADATA_ROOM;

    fn schema() -> MetaSchema {
        schema()
    }

    fn read(value: Option<Value>, policy: PasswordPolicy) -> Result<Self, Vec<Violation>> {
        let patch = MetadataPatch::read(value, policy)?;
        Self::default().patched(&patch).map_err(|error| vec![error.into()])
    }
}
