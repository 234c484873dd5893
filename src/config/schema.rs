use std::collections::BTreeMap;

use figment::providers::{Format, Toml};
use figment::value::{Dict, Num, Value};

use super::error::{ConfigError, ConfigErrors};

const DEFAULT: &str = include_str!("../../config/default.toml");

/// A name is taken for a misspelt key if it is at least this similar to one.
const ALIKE: f64 = 0.6;

/// The list of all keys, from `config/default.toml`. Other keys cannot be set, and the default determines the
/// type.
pub(super) struct Schema {
    keys: BTreeMap<String, Value>,
    /// The same values, in their tables.
    pub(super) defaults: Dict,
}

/// The meaning of a name.
pub(super) enum Named<'a> {
    /// A key.
    Key(&'a str),
    /// The path of a file that contains the value of this key.
    FileOf(&'a str),
}

impl Schema {
    /// Parses the embedded file. A test shows that this never fails.
    pub fn embedded() -> Result<Self, ConfigErrors> {
        let defaults: Dict = Toml::from_str(&without_comments(DEFAULT)).map_err(|error| {
            let (origin, reason) = ("default.toml".to_owned(), error.message().to_owned());
            ConfigErrors::from(ConfigError::Place { origin, reason })
        })?;
        let mut keys = BTreeMap::new();
        flatten("", defaults.clone(), &|_| false, &mut |key, value| {
            keys.insert(key, value);
        });
        Ok(Self { keys, defaults })
    }

    /// All keys with their defaults, sorted.
    pub fn keys(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.keys.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Whether there is such a key.
    pub fn has(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }

    /// The meaning of a name, if it has one.
    pub fn named(&self, name: &str) -> Option<Named<'_>> {
        let key = |name: &str| self.keys.get_key_value(name).map(|(key, _)| key.as_str());
        key(name).map(Named::Key).or_else(|| key(name.strip_suffix("_file")?).map(Named::FileOf))
    }

    /// The most similar key, if it is similar enough.
    pub fn nearest(&self, name: &str) -> Option<String> {
        let (stem, suffix) = name.strip_suffix("_file").map_or((name, ""), |stem| (stem, "_file"));
        let likeness = |key: &str| strsim::normalized_damerau_levenshtein(stem, key);
        let (key, likeness) =
            self.keys.keys().map(|key| (key, likeness(key))).max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        (likeness >= ALIKE).then(|| format!("{key}{suffix}"))
    }

    /// Converts a text to the type of a key. A text that is not of that type stays text and is refused when
    /// it is read.
    pub fn typed(&self, key: &str, text: String) -> Value {
        match self.keys.get(key) {
            Some(Value::Num(..)) => text.parse::<Num>().map_or_else(|_| Value::from(text), Value::from),
            Some(Value::Bool(..)) => text.parse::<bool>().map_or_else(|_| Value::from(text), Value::from),
            Some(Value::Array(..)) => {
                let items: Vec<&str> =
                    text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
                Value::from(items)
            }
            _ => Value::from(text),
        }
    }
}

/// Removes the lines that are comments. They are most lines, and take as long to parse as the values.
fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with('#')).flat_map(|line| [line, "\n"]).collect()
}

/// Calls `give` for every value of nested tables with its dotted name. A table for which `is_key` is true is
/// passed whole.
pub(super) fn flatten(
    prefix: &str,
    table: Dict,
    is_key: &impl Fn(&str) -> bool,
    give: &mut impl FnMut(String, Value),
) {
    for (name, value) in table {
        let name = format!("{prefix}{name}");
        match value {
            Value::Dict(_, table) if !is_key(&name) => flatten(&format!("{name}."), table, is_key, give),
            value => give(name, value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::variable::variable_of;

    #[test]
    fn no_value_has_a_line_that_looks_like_a_comment() {
        let whole: Dict = Toml::from_str(DEFAULT).unwrap();
        assert_eq!(Toml::from_str::<Dict>(&without_comments(DEFAULT)).unwrap(), whole);
    }

    #[test]
    fn every_key_has_a_comment_that_names_its_variable() {
        let mut section = String::new();
        let mut seen = 0;
        let lines: Vec<&str> = DEFAULT.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            if let Some(name) = line.strip_prefix('[') {
                section = name.replace(']', ".");
            } else if let Some((name, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
                seen += 1;
                let variable = format!("# Environment: {}", variable_of(&format!("{section}{name}")));
                assert_eq!(lines[number - 1], variable);
                assert!(lines[number - 2].starts_with("# "), "{name} is not explained");
            }
        }
        assert_eq!(seen, Schema::embedded().unwrap().keys().count());
    }

    #[test]
    fn a_slip_of_the_pen_is_understood_and_a_stranger_is_not() {
        let schema = Schema::embedded().unwrap();
        for (slip, meant) in [
            ("databse.url", Some("database.url")),
            ("database_url", Some("database.url")),
            ("security.secret_kye_file", Some("security.secret_key_file")),
            ("security.issuer", Some("security.token.issuer")),
            ("enviroment", Some("environment")),
            ("weather", None),
        ] {
            assert_eq!(schema.nearest(slip).as_deref(), meant, "{slip}");
        }
    }
}
