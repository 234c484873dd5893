//! Time and randomness from the operating system.
//!
//! **Here**: [`SystemClock`] and [`SystemIds`], the only place that reads the system's clock and makes ids.
//!
//! **May use**: `ports`, `domain`, `uuid` and aws-lc-rs's generator.
//!
//! **To add one**: a port first, for each further source of values that a test must be able to predict.

use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use uuid::Uuid;

use crate::domain::{Salt, Timestamp};
use crate::ports::{Clock, Ids};

const EPOCH: Timestamp = match Timestamp::from_micros(0) {
    Ok(epoch) => epoch,
    Err(_) => unreachable!(),
};

/// The system's clock, cut to whole microseconds. A clock set before 1970 reads as 1970.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the system's clock")]
    fn now(&self) -> Timestamp {
        EPOCH.plus(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
    }

    fn monotonic(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed()
    }
}

/// Salts come from the operating system's generator. Ids come from a generator that it seeds, because each
/// request needs an id. Within a process each id sorts after the previous one, even if the clock stands still
/// or jumps back.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "this is the one home of new ids")]
    fn uuid(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn salt(&self) -> Salt {
        Salt(random())
    }
}

/// Returns `N` unpredictable bytes.
///
/// # Panics
///
/// If the operating system has no randomness: without it no key, salt or id is safe, so nothing may continue.
pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let filled = aws_lc_rs::rand::fill(&mut bytes);
    assert!(filled.is_ok(), "the operating system has no randomness to give");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_version_seven_and_sort_in_order_of_creation() {
        let ids: Vec<Uuid> = (0..10_000).map(|_| SystemIds.uuid()).collect();
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
        assert!(ids.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn the_clock_is_this_centurys() {
        let now = SystemClock.now().to_string();
        assert!("2026" < now.as_str() && now.as_str() < "2100", "{now}");
    }

    #[test]
    fn no_two_salts_are_alike() {
        assert_ne!(SystemIds.salt(), SystemIds.salt());
    }
}
