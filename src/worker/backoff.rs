use std::time::Duration;

use uuid::Uuid;

/// The wait before the next attempt after `attempts` failures: doubled from `first` up to `most`, of which a
/// random share between a half and the whole is used, so that simultaneous failures are not retried together.
/// `chance`, any random id, gives the share.
pub(super) fn after(attempts: u32, first: Duration, most: Duration, chance: Uuid) -> Duration {
    let doubled = first.saturating_mul(1 << attempts.saturating_sub(1).min(30)).min(most);
    // The last bytes of a version 7 UUID are random.
    let part = u32::from(chance.as_bytes()[15]);
    doubled / 2 + doubled / 2 * part / 255
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_the_most_and_is_jittered() {
        let (first, most) = (Duration::from_secs(5), Duration::from_hours(1));
        let wait = |attempts, chance| after(attempts, first, most, Uuid::from_u128(chance)).as_secs();
        assert_eq!((wait(1, 255), wait(2, 255), wait(3, 255)), (5, 10, 20));
        assert_eq!((wait(10, 255), wait(11, 255), wait(u32::MAX, 255)), (2560, 3600, 3600));
        assert_eq!((wait(3, 0), wait(3, 127)), (10, 14));
    }
}
