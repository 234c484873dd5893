use std::time::Duration;

use uuid::Uuid;

use crate::domain::{Salt, Timestamp};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, in whole microseconds.
    fn now(&self) -> Timestamp;

    /// How long ago some moment was that stays the same while the process lives. Unlike [`now`](Self::now) it never goes
    /// back, so what is kept for a while is measured by it.
    fn monotonic(&self) -> Duration;
}

/// Makes what nobody can foresee.
pub trait Ids: Send + Sync {
    /// A new id, version 7 (RFC 9562): later ones sort after earlier ones.
    fn uuid(&self) -> Uuid;

    /// Sixteen bytes from the operating system's generator.
    fn salt(&self) -> Salt;
}
