use figment::value::Value;
use figment::{Error, Figment};
use serde::Deserialize;

/// The origin of a value that was not set.
pub(super) const DEFAULT: &str = "default";

/// The effective value of each key, with its origin.
///
/// figment would copy all values for each key that is read.
pub(super) struct Merged {
    figment: Figment,
    values: Result<Value, Error>,
}

impl Merged {
    pub fn new(figment: Figment) -> Self {
        // The empty path is that of all values.
        let values = figment.find_value("");
        Self { figment, values }
    }

    /// The value of a key.
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.values.as_ref().ok()?.find_ref(key)
    }

    /// The value of a key as this type; `None` if it is of another one.
    pub fn read<'de, T: Deserialize<'de>>(&self, key: &str) -> Option<T> {
        self.value(key)?.deserialize().ok()
    }

    /// The origin of a key's value.
    pub fn origin(&self, key: &str) -> &str {
        let metadata = self.value(key).and_then(|value| self.figment.get_metadata(value.tag()));
        metadata.map_or(DEFAULT, |metadata| &metadata.name)
    }
}
