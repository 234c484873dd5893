//! Values of options: each parser refuses a wrong one by the name of its option.

use std::ffi::OsStr;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Command};

use crate::domain::{EventType, UnknownWord};

/// One of the words of an enum of the domain. Shells complete them.
pub(super) fn word<T>(words: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = UnknownWord> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(words).try_map(|word| word.parse())
}

/// An event type, by its short or its full name. Returns the full name.
pub(super) fn event_type() -> EventTypeParser {
    EventTypeParser
}

/// Takes a known name, and any full name in the form of one: a newer release may have stored it.
#[derive(Clone)]
pub(super) struct EventTypeParser;

impl TypedValueParser for EventTypeParser {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        option: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        if let Some(name) = value.to_str().filter(|name| is_full(name)) {
            return Ok(name.to_owned());
        }
        let short = names().parse_ref(command, option, value)?;
        Ok(format!("svc.{short}.v1"))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(EventType::ALL.iter().filter_map(|known| short(known.name())).map(PossibleValue::new)))
    }
}

fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(EventType::ALL.iter().filter_map(|known| short(known.name())))
}

/// Whether this has the form of a full name, such as `svc.user.registered.v1`.
fn is_full(name: &str) -> bool {
    let parts: Vec<&str> = name.split('.').collect();
    let is_word =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let is_version = |part: &str| part.strip_prefix('v').is_some_and(|number| number.parse::<u16>().is_ok());
    matches!(parts.as_slice(), ["svc", thing, what, version] if is_word(thing) && is_word(what) && is_version(version))
}

fn short(full: &'static str) -> Option<&'static str> {
    full.strip_prefix("svc.")?.strip_suffix(".v1")
}

/// A duration.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|_| "expected a duration such as 15m, 2h or 30days".to_owned())
}

/// A number of seconds.
pub(super) fn seconds(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "expected a number of seconds, such as 30".to_owned())
}
