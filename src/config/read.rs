use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use figment::value::Value;

use super::error::ConfigError;
use super::merged::{DEFAULT, Merged};
use crate::domain::UnknownWord;

pub(super) const MILLISECOND: Duration = Duration::from_millis(1);
pub(super) const SECOND: Duration = Duration::from_secs(1);
/// Longer than any setting may be, and short enough that adding it to a time does not overflow.
const LONGEST: Duration = Duration::from_hours(24 * 3650);

/// Reads typed values by key, and gathers all errors instead of stopping at the first.
pub(super) struct Reader<'a> {
    merged: &'a Merged,
    pub errors: Vec<ConfigError>,
}

impl<'a> Reader<'a> {
    pub fn new(merged: &'a Merged, errors: Vec<ConfigError>) -> Self {
        Self { merged, errors }
    }

    /// A text, parsed. The error of `parse` may contain the text only if that is not a secret.
    pub fn text<T>(&mut self, key: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        match self.merged.value(key) {
            Some(Value::String(_, text)) => match parse(text) {
                Ok(value) => Some(value),
                Err(reason) => self.refuse(key, reason),
            },
            _ => self.refuse(key, "expected text: write the value in quotes"),
        }
    }

    /// A word of an enum.
    pub fn word<T: FromStr<Err = UnknownWord>>(&mut self, key: &str) -> Option<T> {
        self.text(key, word)
    }

    /// A list of texts, each parsed.
    pub fn list<T>(&mut self, key: &str, parse: impl Fn(&str) -> Option<T>, example: &str) -> Option<Vec<T>> {
        let parse = |text: &str| {
            let wrong = || format!("invalid entry {text:?}: expected a list such as {example}");
            parse(text).ok_or_else(wrong)
        };
        self.entries(key, parse, example)
    }

    /// A list of texts, each parsed. The error of `parse` names the entry.
    pub fn entries<T>(
        &mut self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, String>,
        example: &str,
    ) -> Option<Vec<T>> {
        match self.merged.read::<Vec<String>>(key) {
            Some(texts) => match texts.iter().map(|text| parse(text)).collect() {
                Ok(values) => Some(values),
                Err(reason) => self.refuse::<Vec<T>>(key, reason),
            },
            None => self.refuse(key, format!("expected a list such as {example}")),
        }
    }

    /// A whole number within bounds.
    pub fn number<T: TryFrom<u32>>(&mut self, key: &str, range: RangeInclusive<u32>) -> Option<T> {
        let number = self.merged.read(key).filter(|number| range.contains(number));
        match number.and_then(|number| T::try_from(number).ok()) {
            Some(number) => Some(number),
            None => {
                self.refuse(key, format!("expected a whole number from {} to {}", range.start(), range.end()))
            }
        }
    }

    /// `true` or `false`.
    pub fn truth(&mut self, key: &str) -> Option<bool> {
        match self.merged.read(key) {
            Some(truth) => Some(truth),
            None => self.refuse(key, "expected true or false"),
        }
    }

    /// A duration with its unit.
    pub fn duration(&mut self, key: &str, shortest: Duration) -> Option<Duration> {
        self.text(key, |text| parse_duration(text, shortest))
    }

    /// A duration with its unit, or `off`: `Some(None)`.
    #[expect(
        clippy::option_option,
        reason = "the outer one is whether the value is valid, as everywhere here"
    )]
    pub fn duration_or_off(&mut self, key: &str, shortest: Duration) -> Option<Option<Duration>> {
        self.text(key, |text| match text {
            "off" => Ok(None),
            text => parse_duration(text, shortest).map(Some),
        })
    }

    /// The origin of a key's value.
    pub fn origin(&self, key: &str) -> String {
        self.merged.origin(key).to_owned()
    }

    /// Whether a key has its default value.
    pub fn is_default(&self, key: &str) -> bool {
        self.merged.origin(key) == DEFAULT
    }

    /// Adds an error about the value of a key.
    pub fn refuse<T>(&mut self, key: &str, reason: impl Into<String>) -> Option<T> {
        let (key, origin) = (key.to_owned(), self.merged.origin(key).to_owned());
        self.errors.push(ConfigError::Key { key, reason: reason.into(), origin });
        None
    }
}

fn parse_duration(text: &str, shortest: Duration) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(duration) if duration < shortest => {
            Err(format!("invalid value {text:?}: expected at least {}", humantime::format_duration(shortest)))
        }
        Ok(duration) if duration > LONGEST => {
            Err(format!("invalid value {text:?}: expected at most ten years"))
        }
        Ok(duration) => Ok(duration),
        Err(_) => Err(format!(
            "invalid value {text:?}: expected a number and a unit, such as \"250ms\", \"30s\" or \"15m\""
        )),
    }
}

/// Parses a word of an enum.
pub(super) fn word<T: FromStr<Err = UnknownWord>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|unknown| format!("invalid value {text:?}: {unknown}"))
}
