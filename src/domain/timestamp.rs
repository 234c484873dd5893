use std::fmt;
use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A moment in UTC, in whole microseconds since 1970.
///
/// PostgreSQL stores microseconds, so a value that is read back from either database equals the value that
/// was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text or number is not a moment between the years 0 and 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an RFC 3339 time between the years 0 and 9999")]
pub struct NotATimestamp;

impl Timestamp {
    /// The beginning of 1970.
    pub const EPOCH: Self = Self(0);

    /// The latest moment that RFC 3339 can express.
    const LATEST: i64 = 253_402_300_799_999_999;
    /// The earliest moment that RFC 3339 can express.
    const EARLIEST: i64 = -62_167_219_200_000_000;

    /// Creates a moment from microseconds since 1970.
    pub const fn from_micros(micros: i64) -> Result<Self, NotATimestamp> {
        if micros < Self::EARLIEST || micros > Self::LATEST { Err(NotATimestamp) } else { Ok(Self(micros)) }
    }

    /// Microseconds since 1970.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down: the `NumericDate` of RFC 7519.
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Parses an RFC 3339 text. Truncates it to microseconds.
    pub fn parse(text: &str) -> Result<Self, NotATimestamp> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| NotATimestamp)?;
        let micros = moment.unix_timestamp_nanos().div_euclid(1_000);
        Self::from_micros(i64::try_from(micros).map_err(|_| NotATimestamp)?)
    }

    /// The moment `duration` later, at most the end of the year 9999.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(micros).min(Self::LATEST))
    }

    /// The moment `duration` earlier, at least the beginning of the year 0.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(micros).max(Self::EARLIEST))
    }

    /// The time since `earlier`; zero if `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl From<Timestamp> for OffsetDateTime {
    fn from(timestamp: Timestamp) -> Self {
        // Both ends of the range are years that the type can represent, so the default is never used.
        Self::from_unix_timestamp_nanos(i128::from(timestamp.0) * 1_000).unwrap_or(Self::UNIX_EPOCH)
    }
}

/// RFC 3339 in UTC, always 27 characters with six decimals, so that the texts sort as the moments do.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = OffsetDateTime::from(*self);
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        let year = moment.year().unsigned_abs();
        write_digits(&mut text[..4], year);
        write_digits(&mut text[5..7], u8::from(moment.month()).into());
        write_digits(&mut text[8..10], moment.day().into());
        write_digits(&mut text[11..13], moment.hour().into());
        write_digits(&mut text[14..16], moment.minute().into());
        write_digits(&mut text[17..19], moment.second().into());
        write_digits(&mut text[20..26], moment.microsecond());
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

/// Writes a number with leading zeros. The formatting macros take several times as long, and each line of the
/// log has a time.
fn write_digits(text: &mut [u8], mut number: u32) {
    for digit in text.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_one_width_and_comes_back() {
        for micros in [Timestamp::EARLIEST, -1, 0, 1, 1_795_000_000_123_456, Timestamp::LATEST] {
            let moment = Timestamp::from_micros(micros).unwrap();
            let text = moment.to_string();
            assert_eq!(text.len(), 27, "{text}");
            assert_eq!(Timestamp::parse(&text), Ok(moment));
        }
    }

    #[test]
    fn finer_than_a_microsecond_is_dropped_and_offsets_are_converted() {
        let moment = Timestamp::parse("2026-01-02T03:04:05.123456789+01:00").unwrap();
        assert_eq!(moment.to_string(), "2026-01-02T02:04:05.123456Z");
    }

    #[test]
    fn sums_stay_in_range() {
        let last = Timestamp::from_micros(Timestamp::LATEST).unwrap();
        assert_eq!(last.plus(Duration::MAX), last);
        assert_eq!(last.minus(Duration::MAX), Timestamp(Timestamp::EARLIEST));
        assert_eq!(Timestamp(5).minus(Duration::from_micros(2)), Timestamp(3));
        assert_eq!(Timestamp::from_micros(Timestamp::LATEST + 1), Err(NotATimestamp));
        assert_eq!(Timestamp(5).since(Timestamp(9)), Duration::ZERO);
    }
}
