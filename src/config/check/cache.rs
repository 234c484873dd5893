use std::time::Duration;

use crate::config::read::MILLISECOND;
use crate::config::read::Reader;
use crate::config::settings::CacheSettings;
use crate::config::urls::CacheUrl;

const MOST: u32 = 10_000_000;
const LONGEST: Duration = Duration::from_secs(10);

pub(super) fn read(read: &mut Reader<'_>) -> Option<CacheSettings> {
    let url = read.text("cache.url", CacheUrl::parse);
    let namespace = read.text("cache.namespace", namespace);
    let entries = read.number("cache.entries", 0..=MOST);
    let tokens = read.number("cache.tokens", 0..=MOST);
    let timeout = read.duration("cache.timeout", MILLISECOND);
    // A request waits this long for a Redis that does not answer, and four times as long for an invalidation.
    if timeout.is_some_and(|timeout| timeout > LONGEST) {
        read.refuse::<()>(
            "cache.timeout",
            "expected at most 10s: requests wait that long while Redis is frozen",
        );
    }
    Some(CacheSettings {
        url: url?,
        namespace: namespace?,
        entries: entries?,
        tokens: tokens?,
        timeout: timeout?,
    })
}

fn namespace(text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    if (1..=64).contains(&text.len()) && text.chars().all(allowed) {
        Ok(text.to_owned())
    } else {
        Err(format!("invalid value {text:?}: expected 1 to 64 letters, digits, \"-\", \"_\", \".\" or \":\""))
    }
}
