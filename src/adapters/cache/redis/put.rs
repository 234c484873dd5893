use std::time::Duration;

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{self, RedisError};

use super::frame::version;

/// The one script that writes. It is loaded into Redis when it is first missing there.
pub(super) struct Script(redis::Script);

/// A value or a tombstone to store, unless something newer is there.
pub(super) struct Put<'a> {
    key: &'a str,
    version: String,
    body: &'a str,
    life: Duration,
    instead_of: &'a [u8],
    message: Option<(&'a str, String)>,
}

/// Not a version, so that any content is replaced.
const NO_VERSION: &str = "probeprobeprobeprobe";

impl<'a> Put<'a> {
    /// Removes the value, and blocks values older than this version from now on.
    pub(super) fn tombstone(key: &'a str, version: i64, life: Duration) -> Self {
        Self { key, version: self::version(version), body: "", life, instead_of: &[], message: None }
    }

    /// Marks the start of a read from the store: a tombstone of version 0. It replaces nothing but this
    /// garbage, if any.
    pub(super) fn claim(key: &'a str, life: Duration, garbage: &'a [u8]) -> Self {
        Self { instead_of: garbage, ..Self::tombstone(key, 0, life) }
    }

    /// Stores a value that was read after this claim was made or found. If the claim was replaced or lost,
    /// the value may be out of date and is not stored.
    pub(super) fn value(key: &'a str, version: i64, body: &'a str, life: Duration, claim: &'a [u8]) -> Self {
        Self { body, instead_of: claim, ..Self::tombstone(key, version, life) }
    }

    /// Stores a key unconditionally.
    pub(super) fn probe(key: &'a str, life: Duration) -> Self {
        Self { version: NO_VERSION.to_owned(), ..Self::tombstone(key, 0, life) }
    }

    /// Publishes this message on the channel in the same step.
    pub(super) fn announcing(mut self, channel: &'a str, message: String) -> Self {
        self.message = Some((channel, message));
        self
    }
}

impl Script {
    pub(super) fn new() -> Self {
        Self(redis::Script::new(include_str!("put.lua")))
    }

    /// Runs the script, and returns the content of the key afterwards.
    pub(super) async fn run(
        &self,
        connection: &mut MultiplexedConnection,
        put: &Put<'_>,
    ) -> Result<Vec<u8>, RedisError> {
        let (channel, message) = put.message.as_ref().map_or(("", ""), |(channel, text)| (*channel, text));
        self.0
            .key(put.key)
            .arg(&put.version)
            .arg(put.body)
            .arg(put.life.as_millis().to_string())
            .arg(put.instead_of)
            .arg(channel)
            .arg(message)
            .invoke_async(connection)
            .await
    }
}
