use std::collections::BTreeMap;
use std::path::Path;

use figment::value::{Dict, Map, Value};
use figment::{Error, Figment, Metadata, Profile, Provider, util};

use super::error::ConfigError;
use super::merged::{DEFAULT, Merged};
use super::schema::{Named, Schema};
use crate::domain::{text_of, without_line_ending};

const NAMED_BY: &str = " named by ";

/// The file from which a value was read, by its origin.
pub(super) fn file_named_by(origin: &str) -> Option<&Path> {
    let (file, _) = origin.strip_prefix("file ")?.rsplit_once(NAMED_BY)?;
    Some(Path::new(file))
}

/// The values of all layers, merged, and the errors in any of them.
pub(super) struct Layers<'a> {
    pub schema: &'a Schema,
    /// The working folder, to which the paths of files are relative.
    pub folder: &'a Path,
    pub errors: Vec<ConfigError>,
    figment: Figment,
}

/// One layer while it is read. A key may occur once in it.
pub(super) struct Layer<'l, 'a> {
    pub layers: &'l mut Layers<'a>,
    /// Formats a dotted name in the notation of this layer.
    spelling: fn(&str) -> String,
    seen: BTreeMap<String, String>,
}

/// The defaults of all keys.
struct Defaults<'a>(&'a Schema);

/// One value. figment keeps it together with its origin.
struct Entry<'a> {
    key: &'a str,
    value: Value,
    origin: String,
}

impl<'a> Layers<'a> {
    /// Creates the layer of the defaults.
    pub fn new(schema: &'a Schema, folder: &'a Path) -> Self {
        let figment = Figment::from(Defaults(schema));
        Self { schema, folder, errors: Vec::new(), figment }
    }

    /// Starts the next layer, which overrides the previous ones.
    pub fn layer(&mut self, spelling: fn(&str) -> String) -> Layer<'_, 'a> {
        Layer { layers: self, spelling, seen: BTreeMap::new() }
    }

    /// Adds an error about a source.
    pub fn refuse(&mut self, origin: impl Into<String>, reason: impl Into<String>) {
        self.errors.push(ConfigError::Place { origin: origin.into(), reason: reason.into() });
    }

    /// The merged values and all errors.
    pub fn finish(self) -> (Merged, Vec<ConfigError>) {
        (Merged::new(self.figment), self.errors)
    }
}

impl Layer<'_, '_> {
    /// Adds a value by its dotted name: a key, or a key with `_file`.
    pub fn take(&mut self, name: &str, value: Value, origin: String) {
        match (self.layers.schema.named(name), value) {
            (Some(Named::Key(key)), Value::String(_, text)) => {
                self.put(key, self.layers.schema.typed(key, text), origin);
            }
            (Some(Named::Key(key)), value) => self.put(key, value, origin),
            (Some(Named::FileOf(key)), value) => {
                if let Some((text, origin)) = self.read(key, value.as_str().unwrap_or_default(), &origin) {
                    self.put(key, self.layers.schema.typed(key, text), origin);
                }
            }
            (None, _) => self.refuse_name(name, origin),
        }
    }

    /// Adds the value of an existing key.
    pub fn put(&mut self, key: &str, value: Value, origin: String) {
        if let Some(first) = self.seen.insert(key.to_owned(), origin.clone()) {
            self.refuse(key, "set twice; remove one", format!("{first} and {origin}"));
            return;
        }
        let figment = std::mem::take(&mut self.layers.figment);
        self.layers.figment = figment.merge(Entry { key, value, origin });
    }

    /// Reads the value of a key from a file, without a byte order mark and the line ending at its end.
    /// Returns it with its origin. If there is no such file, the path is not shown: it may be a secret in the
    /// wrong variable.
    pub fn read(&mut self, key: &str, path: &str, origin: &str) -> Option<(String, String)> {
        match std::fs::read(self.layers.folder.join(path)) {
            Ok(bytes) => match text_of(&bytes).map(without_line_ending) {
                Ok("") => self.refuse(key, "the file with the value is empty", origin.to_owned()),
                Ok(text) => return Some((text.to_owned(), format!("file {path}{NAMED_BY}{origin}"))),
                Err(error) => {
                    self.refuse(key, format!("the file with the value is {error}"), origin.to_owned());
                }
            },
            Err(error) => {
                self.refuse(
                    key,
                    format!("failed to read the file with the value: {error}"),
                    origin.to_owned(),
                );
            }
        }
        None
    }

    fn refuse_name(&mut self, name: &str, origin: String) {
        let hint = match self.layers.schema.nearest(name) {
            Some(meant) => format!("did you mean {}?", (self.spelling)(&meant)),
            None => "run `svc config show` to list all settings".to_owned(),
        };
        let name = (self.spelling)(name);
        self.layers.refuse(origin, format!("unknown setting {name}; {hint}"));
    }

    /// Adds an error about a value.
    pub fn refuse(&mut self, key: &str, reason: impl Into<String>, origin: String) {
        self.layers.errors.push(ConfigError::Key { key: key.to_owned(), reason: reason.into(), origin });
    }
}

impl Provider for Defaults<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named(DEFAULT)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        Ok(Profile::Default.collect(self.0.defaults.clone()))
    }
}

impl Provider for Entry<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.origin.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let nested = util::nest(self.key, self.value.clone()).into_dict().unwrap_or_default();
        Ok(Profile::Default.collect(nested))
    }
}
