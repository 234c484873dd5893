//! Data that applications keep about a user, as JSON objects.

use std::sync::Arc;

use serde_json::{Map, Value};

/// A JSON object that an application keeps about a user, as compact text. An empty one allocates nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata(Option<Arc<str>>);

/// A merge patch (RFC 7396) of a [`Metadata`]: an object with values that may be stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetadataPatch(Map<String, Value>);

/// Why a value may not be stored, and its position below the metadata: a JSON pointer (RFC 6901).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct InvalidMetadata {
    /// The position; empty for the metadata itself.
    pub pointer: String,
    /// The reason.
    pub error: MetadataError,
}

/// Why a value may not be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// The metadata is not an object.
    #[error("expected an object")]
    NotAnObject,
    /// Objects and lists inside each other.
    #[error("objects and lists must have at most {} levels", Metadata::DEEPEST)]
    TooDeep,
    /// A number that some JSON parsers do not read exactly (RFC 8259, section 6).
    #[error("a number must be between -9007199254740991 and 9007199254740991; send others as strings")]
    NumberOutOfRange,
    /// A NUL character, which not every database can store in a text.
    #[error("names and strings must not contain the character U+0000")]
    Nul,
    /// A name that `serde_json` reads as something else than a name, so that the text behind it becomes JSON.
    #[error("a name must not begin with {}", Metadata::RESERVED)]
    ReservedName,
}

/// The metadata would be longer than the limit after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the metadata must have at most {} bytes as compact JSON", Metadata::LONGEST)]
pub struct MetadataTooLong;

impl Metadata {
    /// The greatest length of the compact text, in bytes.
    pub const LONGEST: usize = 8192;
    /// The most levels of objects and lists inside each other; the metadata itself is the first.
    pub const DEEPEST: usize = 16;
    /// The greatest absolute value of a number: every JSON parser reads whole numbers up to it exactly.
    pub const GREATEST: f64 = 9_007_199_254_740_991.0;
    /// How the names begin that `serde_json` gives a meaning of its own, with some of its features.
    pub const RESERVED: &str = "$serde_json::private::";

    /// Reads stored text. Returns `None` unless it is a JSON object.
    #[must_use]
    pub fn stored(text: &str) -> Option<Self> {
        if text == "{}" {
            return Some(Self::default());
        }
        serde_json::from_str::<Map<String, Value>>(text).ok().map(|_| Self(Some(text.into())))
    }

    /// The compact text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or("{}")
    }

    /// Whether it has no member.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The metadata after a merge patch.
    pub fn patched(&self, patch: &MetadataPatch) -> Result<Self, MetadataTooLong> {
        let mut members = self.members();
        merge(&mut members, &patch.0);
        if members.is_empty() {
            return Ok(Self::default());
        }
        let text = Value::Object(members).to_string();
        if text.len() > Self::LONGEST { Err(MetadataTooLong) } else { Ok(Self(Some(text.into()))) }
    }

    /// The members.
    #[must_use]
    pub fn members(&self) -> Map<String, Value> {
        self.0.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }
}

impl MetadataPatch {
    /// The most errors that are returned.
    pub const MOST_ERRORS: usize = 100;

    /// Checks a value. The errors are in the order of the values, at most [`MOST_ERRORS`](Self::MOST_ERRORS)
    /// of them, and fewer if their positions are long.
    pub fn parse(value: Value) -> Result<Self, Vec<InvalidMetadata>> {
        let Value::Object(members) = value else {
            let error = MetadataError::NotAnObject;
            return Err(vec![InvalidMetadata { pointer: String::new(), error }]);
        };
        let mut check = Check::default();
        check.members(&members, 1, "");
        if check.errors.is_empty() { Ok(Self(members)) } else { Err(check.errors) }
    }
}

/// A member that is null is removed. Any other value replaces the member, but for an object, which is merged
/// into it.
fn merge(members: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (name, value) in patch {
        match value {
            Value::Null => drop(members.shift_remove(name)),
            Value::Object(patch) => {
                let member = members.entry(name).or_insert_with(|| Value::Object(Map::new()));
                if !member.is_object() {
                    *member = Value::Object(Map::new());
                }
                if let Value::Object(member) = member {
                    merge(member, patch);
                }
            }
            value => drop(members.insert(name.clone(), value.clone())),
        }
    }
}

/// The errors in a value.
#[derive(Default)]
struct Check {
    errors: Vec<InvalidMetadata>,
    /// The bytes of their positions. Many values below one long name would have many times the bytes of the
    /// request.
    bytes: usize,
}

impl Check {
    fn refuse(&mut self, pointer: String, error: MetadataError) {
        self.bytes += pointer.len();
        self.errors.push(InvalidMetadata { pointer, error });
    }

    const fn is_full(&self) -> bool {
        self.errors.len() >= MetadataPatch::MOST_ERRORS || self.bytes > Metadata::LONGEST
    }

    fn members(&mut self, members: &Map<String, Value>, level: usize, pointer: &str) {
        for (name, value) in members {
            if self.is_full() {
                return;
            }
            let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
            if name.contains('\0') {
                self.refuse(pointer, MetadataError::Nul);
            } else if name.starts_with(Metadata::RESERVED) {
                self.refuse(pointer, MetadataError::ReservedName);
            } else {
                self.value(value, level + 1, pointer);
            }
        }
    }

    fn value(&mut self, value: &Value, level: usize, pointer: String) {
        match value {
            Value::Object(_) | Value::Array(_) if level > Metadata::DEEPEST => {
                self.refuse(pointer, MetadataError::TooDeep);
            }
            Value::Object(members) => self.members(members, level, &pointer),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    if self.is_full() {
                        return;
                    }
                    self.value(item, level + 1, format!("{pointer}/{index}"));
                }
            }
            Value::Number(number)
                if number.as_f64().is_none_or(|number| number.abs() > Metadata::GREATEST) =>
            {
                self.refuse(pointer, MetadataError::NumberOutOfRange);
            }
            Value::String(text) if text.contains('\0') => self.refuse(pointer, MetadataError::Nul),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn patched(before: &Value, patch: Value) -> Value {
        let before = Metadata::stored(&before.to_string()).unwrap();
        let after = before.patched(&MetadataPatch::parse(patch).unwrap()).unwrap();
        assert_eq!(Metadata::stored(after.as_str()).as_ref(), Some(&after));
        assert_eq!(after.is_empty(), after.as_str() == "{}");
        serde_json::from_str(after.as_str()).unwrap()
    }

    /// The examples of RFC 7396, appendix A, whose target and patch are objects.
    #[test]
    fn patches_are_merged_as_in_the_standard() {
        for (before, patch, after) in [
            (json!({"a":"b"}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"b"}), json!({"b":"c"}), json!({"a":"b","b":"c"})),
            (json!({"a":"b"}), json!({"a":null}), json!({})),
            (json!({"a":"b","b":"c"}), json!({"a":null}), json!({"b":"c"})),
            (json!({"a":["b"]}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"c"}), json!({"a":["b"]}), json!({"a":["b"]})),
            (json!({"a":{"b":"c"}}), json!({"a":{"b":"d","c":null}}), json!({"a":{"b":"d"}})),
            (json!({"a":[{"b":"c"}]}), json!({"a":[1]}), json!({"a":[1]})),
            (json!({"e":null}), json!({"a":1}), json!({"e":null,"a":1})),
            (json!({}), json!({"a":{"bb":{"ccc":null}}}), json!({"a":{"bb":{}}})),
            (json!({"a":1}), json!({}), json!({"a":1})),
        ] {
            assert_eq!(patched(&before, patch.clone()), after, "{before} {patch}");
        }
    }

    #[test]
    fn the_length_counts_after_the_merge() {
        let text = "x".repeat(Metadata::LONGEST - r#"{"a":""}"#.len());
        let longest =
            Metadata::default().patched(&MetadataPatch::parse(json!({"a": text})).unwrap()).unwrap();
        assert_eq!(longest.as_str().len(), Metadata::LONGEST);
        let patch = |value| MetadataPatch::parse(value).unwrap();
        assert_eq!(longest.patched(&patch(json!({"b": 1}))), Err(MetadataTooLong));
        assert_eq!(longest.patched(&patch(json!({"a": null, "b": 1}))).unwrap().as_str(), r#"{"b":1}"#);
    }

    #[test]
    fn values_that_may_not_be_stored_are_refused_at_their_place() {
        let nested = |levels| (1..levels).fold(json!({}), |inner, _| json!({ "a": inner }));
        assert!(MetadataPatch::parse(nested(Metadata::DEEPEST)).is_ok());
        let pointer = "/a".repeat(Metadata::DEEPEST);
        for (value, pointer, error) in [
            (json!([]), "", MetadataError::NotAnObject),
            (nested(Metadata::DEEPEST + 1), &*pointer, MetadataError::TooDeep),
            (
                json!({"a/b": [0, {"~": 9_007_199_254_740_992_u64}]}),
                "/a~1b/1/~0",
                MetadataError::NumberOutOfRange,
            ),
            (json!({"a": -1e16}), "/a", MetadataError::NumberOutOfRange),
            (json!({"a": "\0"}), "/a", MetadataError::Nul),
            (json!({"a": {"\0": 1}}), "/a/\0", MetadataError::Nul),
            (
                json!({"a": [{"$serde_json::private::RawValue": "{}"}]}),
                "/a/0/$serde_json::private::RawValue",
                MetadataError::ReservedName,
            ),
        ] {
            let refused = InvalidMetadata { pointer: pointer.to_owned(), error };
            assert_eq!(MetadataPatch::parse(value.clone()), Err(vec![refused]), "{value}");
        }
        for number in [json!(9_007_199_254_740_991_i64), json!(-9_007_199_254_740_991_i64), json!(0.1)] {
            assert!(MetadataPatch::parse(json!({ "a": number })).is_ok());
        }
    }

    #[test]
    fn each_wrong_value_is_an_error_up_to_a_bound() {
        let pointers = |value| {
            let refused = MetadataPatch::parse(value).unwrap_err();
            refused.into_iter().map(|invalid| invalid.pointer).collect::<Vec<_>>()
        };
        assert_eq!(
            pointers(json!({"a": 1e300, "b": [1, "\0", {"c": 1e300}], "d": 1})),
            ["/a", "/b/1", "/b/2/c"]
        );
        assert_eq!(pointers(json!({"a": vec![1e300; 1000]})).len(), MetadataPatch::MOST_ERRORS);
        assert_eq!(pointers(json!({"x".repeat(5000): [1e300, 1e300, 1e300]})).len(), 2, "twice the text");
    }

    #[test]
    fn stored_text_that_is_no_object_is_noticed() {
        for text in ["", "[]", "null", "{", "{}x"] {
            assert_eq!(Metadata::stored(text), None, "{text}");
        }
        assert!(Metadata::stored("{}").unwrap().is_empty());
    }
}
