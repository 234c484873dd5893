use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::config::read::Reader;
use crate::config::settings::LogSettings;

pub(super) fn read(read: &mut Reader<'_>) -> Option<LogSettings> {
    let format = read.word("log.format");
    let level = read.text("log.level", log_level);
    Some(LogSettings { format: format?, level: level? })
}

/// A single word is a level here. The filter would take any other word for a target and log all of it, so a
/// misspelt level would pass and hide the rest.
fn log_level(text: &str) -> Result<String, String> {
    let is_level = |part: &str| !part.is_empty() && part.parse::<LevelFilter>().is_ok();
    let is_directive = |part: &str| (part.contains('=') && !part.ends_with('=')) || is_level(part);
    if text.split(',').all(is_directive) && EnvFilter::try_new(text).is_ok() {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "invalid value {text:?}: expected error, warn, info, debug, trace or off, also per target: \"info,svc=debug\""
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_a_level_or_has_one() {
        for text in ["warn", "off", "info,svc=debug", "svc::api=trace,warn"] {
            assert_eq!(log_level(text), Ok(text.to_owned()));
        }
        for text in ["", "inof", "info,", "info,svc", "info,svc=", "svc=loud"] {
            assert!(log_level(text).is_err(), "{text}");
        }
    }
}
