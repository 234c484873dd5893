//! Values of options: each parser refuses a wrong one by the name of its option.

use std::str::FromStr;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::domain::{EventType, UnknownWord};

/// One of the words of an enum of the domain. Shells complete them.
pub(super) fn word<T>(words: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = UnknownWord> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(words).try_map(|word| word.parse())
}

/// An event type, by its short or its full name. Returns the full name.
pub(super) fn event_type() -> impl TypedValueParser<Value = String> {
    let full = EventType::ALL.iter().map(|known| known.name());
    let values = full.clone().filter_map(short).map(PossibleValue::new);
    let values = values.chain(full.map(|name| PossibleValue::new(name).hide(true)));
    PossibleValuesParser::new(values).map(|name| {
        let is_full = name.starts_with("svc.");
        if is_full { name } else { format!("svc.{name}.v1") }
    })
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
