use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::timestamp::Timestamp;

/// The longest wait after failures in a row.
const LONGEST_WAIT: Duration = Duration::from_mins(15);
/// After this time without a failure, the next wait is a short one again.
const FORGIVEN_AFTER: Duration = Duration::from_hours(1);

/// How many draws are allowed in how much time: all of them at once, and then one each `period / draws`.
///
/// It is counted by the generic cell rate algorithm (ITU-T I.371), which needs one moment per key and has no window whose
/// edge lets twice as many pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    draws: u32,
    period: Duration,
}

/// What one key has drawn from a [`Budget`]. The default is a key that has drawn nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// When all draws will have been earned back ("theoretical arrival time"), in microseconds since 1970.
    pub earned_back_at: i64,
    /// No draw is allowed before this moment, in microseconds since 1970.
    pub waits_until: i64,
    /// How many waits there were in a row.
    pub waits: u32,
}

/// The text is not a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a number from 1 to 1000000, a slash and a time from 1s to 24h, such as 30/1m")]
pub struct NotABudget;

impl Budget {
    const MOST_DRAWS: u32 = 1_000_000;
    const SHORTEST: Duration = Duration::from_secs(1);
    const LONGEST: Duration = Duration::from_hours(24);

    /// `None` if there are no draws or more than a million, or the period is not from one second to one day.
    #[must_use]
    pub fn new(draws: u32, period: Duration) -> Option<Self> {
        let fits =
            (1..=Self::MOST_DRAWS).contains(&draws) && (Self::SHORTEST..=Self::LONGEST).contains(&period);
        fits.then_some(Self { draws, period })
    }

    /// How many draws are allowed at once.
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

    /// Draws once, or says how long to wait. A refused draw costs nothing.
    pub fn draw(self, drawn: &mut Drawn, now: Timestamp) -> Result<(), Duration> {
        let now = now.as_micros();
        let after = self.begin(drawn, now) + self.interval_micros();
        let wait = (after - now - self.tolerance_micros()).max(drawn.waits_until - now);
        if wait > 0 {
            return Err(Duration::from_micros(wait.unsigned_abs()));
        }
        drawn.earned_back_at = after;
        Ok(())
    }

    /// Draws once whatever is left: for a draw that was allowed elsewhere.
    pub fn draw_anyway(self, drawn: &mut Drawn, now: Timestamp) {
        let now = now.as_micros();
        let after = self.begin(drawn, now) + self.interval_micros();
        drawn.earned_back_at = after.min(now + self.tolerance_micros());
    }

    /// Takes a draw back.
    pub fn give_back(self, drawn: &mut Drawn) {
        drawn.earned_back_at -= self.interval_micros();
    }

    /// Counts a draw as a failure. When no draw is left, the key waits: for one interval, then for twice as long each time,
    /// at most 15 minutes, and one draw is left after each wait. Failures during a wait, whose draws were made before it, do
    /// not make it longer.
    pub fn penalize(self, drawn: &mut Drawn, now: Timestamp) {
        let micros_now = now.as_micros();
        if micros_now < drawn.waits_until || self.draw(&mut drawn.clone(), now).is_ok() {
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

    /// How long a key has to be remembered; zero if it is as good as one that has drawn nothing.
    #[must_use]
    pub fn remembered_for(self, drawn: &Drawn, now: Timestamp) -> Duration {
        let waits = if drawn.waits > 0 { drawn.waits_until + micros(FORGIVEN_AFTER) } else { 0 };
        let until = drawn.earned_back_at.max(drawn.waits_until).max(waits);
        Duration::from_micros(u64::try_from(until - now.as_micros()).unwrap_or(0))
    }

    /// From when on draws are earned back. A moment too far ahead was stored by a replica whose clock is wrong, and counts as
    /// an exhausted budget.
    fn begin(self, drawn: &Drawn, now: i64) -> i64 {
        drawn.earned_back_at.clamp(now, now + self.tolerance_micros())
    }
}

impl Drawn {
    /// The longest wait after failures, in microseconds.
    #[must_use]
    pub fn longest_wait_micros() -> i64 {
        micros(LONGEST_WAIT)
    }

    /// The time without a failure after which the next wait is a short one again, in microseconds.
    #[must_use]
    pub fn forgiven_after_micros() -> i64 {
        micros(FORGIVEN_AFTER)
    }
}

impl FromStr for Budget {
    type Err = NotABudget;

    fn from_str(text: &str) -> Result<Self, NotABudget> {
        let (draws, period) = text.split_once('/').ok_or(NotABudget)?;
        let draws = draws.parse().map_err(|_| NotABudget)?;
        let (unit_at, seconds) = [("s", 1), ("m", 60), ("h", 3600)]
            .into_iter()
            .find_map(|(unit, seconds)| Some((period.strip_suffix(unit)?, seconds)))
            .ok_or(NotABudget)?;
        let count: u64 = unit_at.parse().map_err(|_| NotABudget)?;
        let seconds = count.checked_mul(seconds).ok_or(NotABudget)?;
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

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(text: &str) -> Budget {
        text.parse().unwrap()
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(1_700_000_000_000_000).unwrap().plus(Duration::from_secs(seconds))
    }

    fn draws(budget: Budget, drawn: &mut Drawn, now: Timestamp) -> usize {
        (0..100).take_while(|_| budget.draw(drawn, now).is_ok()).count()
    }

    #[test]
    fn all_draws_at_once_and_then_one_each_interval() {
        let (five, mut drawn) = (budget("5/5m"), Drawn::default());
        assert_eq!(draws(five, &mut drawn, at(0)), 5);
        assert_eq!(five.draw(&mut drawn, at(0)), Err(Duration::from_mins(1)));
        assert_eq!(five.draw(&mut drawn, at(59)), Err(Duration::from_secs(1)));
        assert_eq!(draws(five, &mut drawn, at(60)), 1);
        assert_eq!(draws(five, &mut drawn, at(180)), 2);
        assert_eq!(draws(five, &mut drawn, at(10_000)), 5);
    }

    #[test]
    fn a_draw_that_is_given_back_never_happened() {
        let (five, mut drawn) = (budget("5/5m"), Drawn::default());
        for _ in 0..1000 {
            five.draw(&mut drawn, at(0)).unwrap();
            five.give_back(&mut drawn);
        }
        assert_eq!(draws(five, &mut drawn, at(0)), 5);
    }

    #[test]
    fn waits_double_up_to_a_quarter_of_an_hour() {
        let (five, mut drawn) = (budget("5/5m"), Drawn::default());
        for _ in 0..4 {
            five.draw(&mut drawn, at(0)).unwrap();
            five.penalize(&mut drawn, at(0));
            assert_eq!(drawn.waits, 0, "a draw is left");
        }
        let mut now = 0;
        for wait in [60, 120, 240, 480, 900, 900, 900] {
            assert_eq!(draws(five, &mut drawn, at(now)), 1);
            five.penalize(&mut drawn, at(now));
            assert_eq!(five.draw(&mut drawn, at(now)), Err(Duration::from_secs(wait)));
            five.draw(&mut drawn, at(now + wait - 1)).unwrap_err();
            now += wait;
        }
        assert_eq!(draws(five, &mut drawn, at(now + 120)), 3, "who rests earns draws back");
    }

    #[test]
    fn failures_at_the_same_time_are_one_wait_and_an_hour_of_peace_forgives() {
        let (five, mut drawn) = (budget("5/5m"), Drawn::default());
        assert_eq!(draws(five, &mut drawn, at(0)), 5);
        for _ in 0..5 {
            five.penalize(&mut drawn, at(0));
        }
        assert_eq!(five.draw(&mut drawn, at(0)), Err(Duration::from_mins(1)));
        let later = 61 + 3600;
        assert_eq!(draws(five, &mut drawn, at(later)), 5);
        five.penalize(&mut drawn, at(later));
        assert_eq!(five.draw(&mut drawn, at(later)), Err(Duration::from_mins(1)));
    }

    #[test]
    fn a_moment_far_ahead_is_an_exhausted_budget_and_no_more() {
        let two = budget("2/1m");
        let mut drawn = Drawn { earned_back_at: i64::MAX / 2, ..Drawn::default() };
        assert_eq!(two.draw(&mut drawn, at(0)), Err(Duration::from_secs(30)));
        two.draw_anyway(&mut drawn, at(0));
        assert_eq!(draws(two, &mut drawn, at(30)), 1);
    }

    #[test]
    fn a_key_is_remembered_until_it_is_as_good_as_new() {
        let (five, mut drawn) = (budget("5/5m"), Drawn::default());
        assert_eq!(five.remembered_for(&drawn, at(0)), Duration::ZERO);
        five.draw(&mut drawn, at(0)).unwrap();
        assert_eq!(five.remembered_for(&drawn, at(0)), Duration::from_mins(1));
        assert_eq!(draws(five, &mut drawn, at(0)), 4);
        five.penalize(&mut drawn, at(0));
        assert_eq!(five.remembered_for(&drawn, at(0)), Duration::from_mins(61));
    }

    #[test]
    fn a_budget_is_read_and_written_in_one_form() {
        for text in ["30/1m", "5/5m", "50/1h", "1/1s", "1000000/24h", "7/90s"] {
            assert_eq!(budget(text).to_string(), text);
        }
        assert_eq!(budget("60/60s").to_string(), "60/1m");
        for wrong in [
            "",
            "30",
            "30/",
            "/1m",
            "0/1m",
            "1000001/1m",
            "30/0s",
            "30/25h",
            "30/1d",
            "-1/1m",
            "30/1m/1",
            "30 /1m",
            "3e1/1m",
        ] {
            assert_eq!(wrong.parse::<Budget>(), Err(NotABudget), "{wrong}");
        }
    }
}
