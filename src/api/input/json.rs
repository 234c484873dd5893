use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::field::Field;
use super::strict::Strict;
use super::unreadable;
use crate::api::problem::{FieldError, Violation};
use crate::domain::PasswordPolicy;

/// The unread members of a JSON object, and the errors in those that were read.
pub struct Members {
    values: BTreeMap<String, Value>,
    wrong: Vec<FieldError>,
    /// The members with a value that cannot be read, such as a number that is out of range.
    unreadable: Vec<String>,
    policy: PasswordPolicy,
}

impl Members {
    /// Parses an object (RFC 8259). Returns `Err` if the bytes are not JSON or have a duplicate member, and
    /// `None` if they are JSON of another type.
    pub(super) fn of(bytes: &[u8], policy: PasswordPolicy) -> serde_json::Result<Option<Self>> {
        let members = |values, wrong, unreadable| Self { values, wrong, unreadable, policy };
        match serde_json::from_slice::<Document<Strict>>(bytes) {
            Ok(Document(values)) => Ok(values.map(|values| {
                let values = values.into_iter().map(|(name, value)| (name, value.0)).collect();
                members(values, Vec::new(), Vec::new())
            })),
            Err(error) => match unreadable::read(bytes) {
                Some((values, wrong)) => {
                    let (unreadable, wrong): (_, Vec<Vec<FieldError>>) = wrong.into_iter().unzip();
                    Ok(Some(members(values, wrong.concat(), unreadable)))
                }
                None => Err(error),
            },
        }
    }

    /// Reads one member. Returns `None` and records the error if it is invalid.
    pub fn take<T: Field>(&mut self, name: &str) -> Option<T> {
        if self.unreadable.iter().any(|unreadable| unreadable == name) {
            return None;
        }
        match T::read(self.values.remove(name), self.policy) {
            Ok(value) => Some(value),
            Err(violations) => {
                self.wrong.extend(violations.into_iter().map(|violation| violation.about(name)));
                None
            }
        }
    }

    /// All errors. Members that were not read are unknown.
    pub(super) fn into_errors(self) -> Vec<FieldError> {
        let unknown = self.values.keys().map(|name| Violation::unknown_member().about(name));
        self.wrong.into_iter().chain(unknown).collect()
    }
}

/// `Some` for an object. By default `serde_json` silently uses the last of duplicate members. Two parsers
/// that differ in that can be exploited, so duplicates are refused. `serde_json` also limits the depth.
pub(super) struct Document<T>(pub Option<BTreeMap<String, T>>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Document<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DocumentVisitor(PhantomData))
    }
}

struct DocumentVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for DocumentVisitor<T> {
    type Value = Document<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document<T>, A::Error> {
        let mut values = BTreeMap::new();
        while let Some((name, value)) = map.next_entry()? {
            if values.insert(name, value).is_some() {
                return Err(A::Error::custom("a member twice"));
            }
        }
        Ok(Document(Some(values)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Document<T>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Document(None))
    }

    fn visit_str<E>(self, _: &str) -> Result<Document<T>, E> {
        Ok(Document(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Document<T>, E> {
        Ok(Document(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Document<T>, E> {
        Ok(Document(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Document<T>, E> {
        Ok(Document(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Document<T>, E> {
        Ok(Document(None))
    }

    fn visit_unit<E>(self) -> Result<Document<T>, E> {
        Ok(Document(None))
    }
}
