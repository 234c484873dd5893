//! Bodies that are JSON, and whose values the reader cannot hold: a number that is out of range, objects and
//! lists too deep inside each other, an object inside a member that has a member twice. Only requests that
//! are refused get here, so reading parts of them again costs nothing that counts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::json::Document;
use super::strict::Strict;
use crate::api::problem::{FieldCode, FieldError, Violation};
use crate::domain::{Metadata, MetadataError, MetadataPatch};

/// The members that can be read, and each other one with its errors.
type Read = (BTreeMap<String, Value>, Vec<(String, Vec<FieldError>)>);

/// Reads the members one by one. Returns `None` for anything else that is
/// wrong: then the body is malformed.
pub(super) fn read(bytes: &[u8]) -> Option<Read> {
    let Document(members) = serde_json::from_slice::<Document<Box<RawValue>>>(bytes).ok()?;
    let (mut values, mut wrong) = (BTreeMap::new(), Vec::new());
    for (name, raw) in members? {
        if let Ok(Strict(value)) = serde_json::from_str(raw.get()) {
            values.insert(name, value);
        } else {
            let faults = faults(&raw);
            if faults.is_empty() {
                return None;
            }
            let errors = faults.into_iter().map(|violation| violation.about(&name)).collect();
            wrong.push((name, errors));
        }
    }
    Some((values, wrong))
}

/// The values of this member or item that cannot be read, at most [`MetadataPatch::MOST_ERRORS`] of them, and
/// fewer if their positions are long. None if the text is not JSON.
pub(super) fn faults(raw: &RawValue) -> Vec<Violation> {
    let mut faults = Faults { found: Vec::new(), bytes: 0 };
    match faults.collect(raw, String::new(), 1) {
        Some(()) => faults.found,
        None => Vec::new(),
    }
}

struct Faults {
    found: Vec<Violation>,
    /// The bytes of their positions.
    bytes: usize,
}

impl Faults {
    fn is_full(&self) -> bool {
        self.found.len() >= MetadataPatch::MOST_ERRORS || self.bytes > Metadata::LONGEST
    }

    fn refuse(&mut self, code: FieldCode, detail: String, place: String) {
        self.bytes += place.len();
        self.found.push(Violation::new(code, detail).below(place));
    }

    /// Returns `None` if the text is not JSON.
    fn collect(&mut self, raw: &RawValue, place: String, level: usize) -> Option<()> {
        let Err(error) = serde_json::from_str::<Strict>(raw.get()) else { return Some(()) };
        let error = error.to_string();
        let (code, detail) = if error.starts_with("number out of range") {
            (FieldCode::OutOfRange, MetadataError::NumberOutOfRange.to_string())
        } else if error.starts_with("recursion limit exceeded") {
            (FieldCode::TooDeep, MetadataError::TooDeep.to_string())
        } else if error.starts_with("a member twice") {
            (FieldCode::Duplicate, "this member is there twice".to_owned())
        } else {
            return None;
        };
        let before = self.found.len();
        // A value may be nested as deep as the body is long: each level reads the rest again.
        if code != FieldCode::TooDeep && level <= Metadata::DEEPEST {
            let mut names = BTreeSet::new();
            for (name, part) in parts(raw) {
                if self.is_full() {
                    break;
                }
                let place = format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
                if names.insert(name) {
                    self.collect(part, place, level + 1)?;
                } else {
                    self.refuse(FieldCode::Duplicate, "this member is there twice".to_owned(), place);
                }
            }
        }
        if self.found.len() == before {
            self.refuse(code, detail, place);
        }
        Some(())
    }
}

/// The members of an object by name, or the items of a list by index.
fn parts(raw: &RawValue) -> Vec<(String, &RawValue)> {
    if let Ok(Pairs(pairs)) = serde_json::from_str(raw.get()) {
        return pairs;
    }
    let items: Vec<&RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
    items.into_iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect()
}

/// The members of an object in order, also those that are there twice.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(body: &str) -> Option<Vec<String>> {
        let (_, wrong) = read(body.as_bytes())?;
        let line = |error: FieldError| format!("{} {}", error.pointer, error.code.as_str());
        Some(wrong.into_iter().flat_map(|(_, errors)| errors).map(line).collect())
    }

    #[test]
    fn each_member_that_cannot_be_read_is_named_at_its_place() {
        let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(5000), "]".repeat(5000));
        for (body, expected) in [
            (r#"{"a":1e400,"b":"x"}"#, "/a out_of_range"),
            (r#"{"a":{"x/y":[0,-1e999]}}"#, "/a/x~1y/1 out_of_range"),
            (r#"{"a":{"b":{"c":1,"d":2,"c":3}}}"#, "/a/b/c duplicate"),
            (r#"{"a":[{"c":1,"c":3}]}"#, "/a/0/c duplicate"),
            (&deep, "/a too_deep"),
        ] {
            assert_eq!(wrong(body), Some(vec![expected.to_owned()]), "{body:.80}");
        }
        let all = wrong(r#"{"b":[1e400,1,-1e999],"a":{"c":1,"c":3,"d":{"e":1e400}}}"#).unwrap();
        assert_eq!(all, ["/a/c duplicate", "/a/d/e out_of_range", "/b/0 out_of_range", "/b/2 out_of_range"]);
    }

    #[test]
    fn a_body_that_is_not_json_stays_malformed() {
        for body in [r#"{"a":1e400"#, r#"{"a":1,"a":1e400}"#, r#"{"a":"\ud800"}"#, "[1e400]", r#"{"a":01}"#] {
            assert_eq!(wrong(body), None, "{body}");
        }
    }
}
