use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::timestamp::Timestamp;

/// The longest wait after consecutive failures.
const LONGEST_WAIT: Duration = Duration::from_mins(15);
/// After this time without a failure, the next wait starts short again.
const FORGIVEN_AFTER: Duration = Duration::from_hours(1);

/// A rate: how many draws are allowed per period. All of them can be drawn at once; then one draw is earned
/// back every `period / draws`.
///
/// The generic cell rate algorithm (ITU-T I.371) counts it. It needs one moment per key, and has no window at
/// whose middleware twice as many draws would pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    draws: u32,
    period: Duration,
}

/// The draws of one key on a [`Budget`]. The default is a key without draws.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// When all draws will have been earned back (the "theoretical arrival time"), in microseconds since
    /// 1970.
    pub earned_back_at: i64,
    /// No draw is allowed before this moment, in microseconds since 1970.
    pub waits_until: i64,
    /// The number of consecutive waits.
    pub waits: u32,
}

/// The text is not a valid budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a number from 1 to 1000000, a slash and a time from 1s to 24h, such as 30/1m")]
pub struct NotABudget;

impl Budget {
    const MOST_DRAWS: u32 = 1_000_000;
    const SHORTEST: Duration = Duration::from_secs(1);
    const LONGEST: Duration = Duration::from_hours(24);

    /// Returns `None` unless there are 1 to 1,000,000 draws and the period is from one second to one day.
    #[must_use]
    pub fn new(draws: u32, period: Duration) -> Option<Self> {
        let fits =
            (1..=Self::MOST_DRAWS).contains(&draws) && (Self::SHORTEST..=Self::LONGEST).contains(&period);
        fits.then_some(Self { draws, period })
    }

    /// The number of draws that are allowed at once.
    #[must_use]
    pub const fn draws(self) -> u32 {
        self.draws
    }

    /// The time in which all draws are earned back.
    #[must_use]
    pub const fn period(self) -> Duration {
        self.period
    }

    /// The time in which one draw is earned back, in microseconds.
    #[must_use]
    pub fn interval_micros(self) -> i64 {
        micros(self.period / self.draws).max(1)
    }

    /// The time in which all draws are earned back, in microseconds: a multiple of the interval.
    #[must_use]
    pub fn tolerance_micros(self) -> i64 {
        self.interval_micros() * i64::from(self.draws)
    }

    /// Draws once, or returns how long to wait. A refused draw costs nothing.
    pub fn draw(self, drawn: &mut Drawn, now: Timestamp) -> Result<(), Duration> {
        let now = now.as_micros();
        let after = self.begin(drawn, now) + self.interval_micros();
        let wait = (after - now - self.tolerance_micros()).max(drawn.remaining_wait(now));
        if wait > 0 {
            return Err(Duration::from_micros(wait.unsigned_abs()));
        }
        drawn.earned_back_at = after;
        Ok(())
    }

    /// Draws once even if no draw is left, for a draw that another process allowed.
    pub fn draw_anyway(self, drawn: &mut Drawn, now: Timestamp) {
        let now = now.as_micros();
        let after = self.begin(drawn, now) + self.interval_micros();
        drawn.earned_back_at = after.min(now + self.tolerance_micros());
    }

    /// Returns one draw to the budget.
    pub fn give_back(self, drawn: &mut Drawn) {
        drawn.earned_back_at -= self.interval_micros();
    }

    /// Counts a draw as a failure. When no draw is left, the key waits: for one interval at first, then twice
    /// as long each time, at most 15 minutes. After each wait one draw is left. Failures of draws that were
    /// made before the wait began do not lengthen it.
    pub fn penalize(self, drawn: &mut Drawn, now: Timestamp) {
        let micros_now = now.as_micros();
        if drawn.remaining_wait(micros_now) > 0 || self.draw(&mut drawn.clone(), now).is_ok() {
            return;
        }
        if micros_now - drawn.waits_until > micros(FORGIVEN_AFTER) {
            drawn.waits = 0;
        }
        let wait = self.interval_micros().saturating_mul(1 << drawn.waits.min(30));
        drawn.waits = drawn.waits.saturating_add(1);
        drawn.waits_until = micros_now + wait.min(micros(LONGEST_WAIT));
        let one_left = drawn.waits_until + self.tolerance_micros() - self.interval_micros();
        drawn.earned_back_at = self.begin(drawn, micros_now).max(one_left);
    }

    /// How long the state of a key must be stored. Zero if it equals that of a key without draws.
    #[must_use]
    pub fn remembered_for(self, drawn: &Drawn, now: Timestamp) -> Duration {
        let waits = if drawn.waits > 0 { drawn.waits_until + micros(FORGIVEN_AFTER) } else { 0 };
        let until = drawn.earned_back_at.max(drawn.waits_until).max(waits);
        Duration::from_micros(u64::try_from(until - now.as_micros()).unwrap_or(0))
    }

    /// The moment from which draws are earned back. A moment too far ahead was stored by a replica with a
    /// wrong clock, and counts as an exhausted budget.
    fn begin(self, drawn: &Drawn, now: i64) -> i64 {
        drawn.earned_back_at.clamp(now, now + self.tolerance_micros())
    }
}

impl Drawn {
    /// How long no draw is allowed after failures, in microseconds. A wait beyond the maximum was stored by a
    /// replica with a wrong clock, and counts as no wait.
    #[must_use]
    pub fn remaining_wait(&self, now: i64) -> i64 {
        let wait = self.waits_until - now;
        if wait > micros(LONGEST_WAIT) { 0 } else { wait.max(0) }
    }

    /// The longest wait after failures, in microseconds.
    #[must_use]
    pub fn longest_wait_micros() -> i64 {
        micros(LONGEST_WAIT)
    }

    /// The time without a failure after which the next wait starts short again, in microseconds.
    #[must_use]
    pub fn forgiven_after_micros() -> i64 {
        micros(FORGIVEN_AFTER)
    }
}

impl FromStr for Budget {
    type Err = NotABudget;

    fn from_str(text: &str) -> Result<Self, NotABudget> {
        let (draws, period) = text.split_once('/').ok_or(NotABudget)?;
        let draws = number(draws).and_then(|draws| u32::try_from(draws).ok()).ok_or(NotABudget)?;
        let (count, seconds) = [("s", 1), ("m", 60), ("h", 3600)]
            .into_iter()
            .find_map(|(unit, seconds)| Some((period.strip_suffix(unit)?, seconds)))
            .ok_or(NotABudget)?;
        let seconds = number(count).and_then(|count| count.checked_mul(seconds)).ok_or(NotABudget)?;
        Self::new(draws, Duration::from_secs(seconds)).ok_or(NotABudget)
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.period.as_secs();
        let (count, unit) = match seconds {
            seconds if seconds % 3600 == 0 => (seconds / 3600, "h"),
            seconds if seconds % 60 == 0 => (seconds / 60, "m"),
            seconds => (seconds, "s"),
        };
        write!(f, "{}/{count}{unit}", self.draws)
    }
}

/// Accepts digits only: the parser of the standard library also accepts a sign.
fn number(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
