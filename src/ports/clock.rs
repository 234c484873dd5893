use std::time::Duration;

use uuid::Uuid;

use crate::domain::{Salt, Timestamp};

/// Reads the time.
pub trait Clock: Send + Sync {
    /// The current time, in whole microseconds.
    fn now(&self) -> Timestamp;

    /// The time since a moment that is fixed while the process lives. Unlike [`now`](Self::now) it never goes
    /// backwards, so it measures durations.
    fn monotonic(&self) -> Duration;
}

/// Generates unpredictable values.
pub trait Ids: Send + Sync {
    /// A new id, version 7 (RFC 9562). Later ids sort after earlier ones.
    fn uuid(&self) -> Uuid;

    /// Sixteen bytes from the random generator of the operating system.
    fn salt(&self) -> Salt;

    /// A random byte, for jitter.
    fn chance(&self) -> u8 {
        // The last bytes of a version 7 UUID are random.
        self.uuid().as_bytes()[15]
    }
}
