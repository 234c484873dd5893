use tokio::time::Instant;

use super::frames::{CONTINUATION, DATA, END_STREAM, Frame, HEADERS};

/// The credit of a new connection, and the maximum.
const MOST: usize = 1_000;
/// The credit per second.
const PER_SECOND: usize = 50;
/// The credit for the head of a response.
const PER_ANSWER: usize = 20;
/// One credit per this number of response bytes that the client read: it confirms them by `WINDOW_UPDATE`.
const BYTES_TAKEN: usize = 1_024;
/// A shorter piece of a body is counted, unless it is the last one.
const SHORT: usize = 1_024;
/// An additional cost of one per this number of bytes of a control frame.
const CONTROL_BYTES: usize = 64;

/// The budget of frames that an HTTP/2 connection may send without receiving responses. Control frames cost
/// the client almost nothing, and the server about a microsecond each. Regular clients never get near the
/// limit.
pub(super) struct FrameLimits {
    credit: usize,
    /// Response bytes that have not given credit yet.
    taken: usize,
    /// The credit for the time before this moment has been given.
    since: Instant,
}

impl FrameLimits {
    pub(super) fn new() -> Self {
        Self { credit: MOST, taken: 0, since: Instant::now() }
    }

    /// Counts a frame from the client. Returns false if the connection must be closed.
    pub(super) fn received(&mut self, frame: Frame, now: impl FnOnce() -> Instant) -> bool {
        let cost = match frame.kind {
            DATA if frame.flags & END_STREAM != 0 || frame.length >= SHORT => return true,
            DATA | HEADERS | CONTINUATION => 1,
            _ => 1 + frame.length / CONTROL_BYTES,
        };
        if cost > self.credit {
            self.refill(now());
        }
        let left = self.credit.checked_sub(cost);
        self.credit = left.unwrap_or_default();
        left.is_some()
    }

    /// Counts a frame to the client.
    pub(super) fn sent(&mut self, frame: Frame) {
        match frame.kind {
            HEADERS => self.give(PER_ANSWER),
            DATA => {
                self.taken += frame.length;
                self.give(self.taken / BYTES_TAKEN);
                self.taken %= BYTES_TAKEN;
            }
            _ => {}
        }
    }

    /// The clock is read only once the credit is used up.
    fn refill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.since);
        self.since = now;
        let earned = passed.as_millis().saturating_mul(PER_SECOND as u128) / 1_000;
        self.give(usize::try_from(earned).unwrap_or(MOST));
    }

    fn give(&mut self, credit: usize) {
        self.credit = MOST.min(self.credit.saturating_add(credit));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const PING: Frame = Frame { length: 8, kind: 6, flags: 0 };

    /// The number of such frames that are accepted without time passing.
    fn taken(frame_limits: &mut FrameLimits, frame: Frame) -> usize {
        let now = frame_limits.since;
        (0..10 * MOST).take_while(|_| frame_limits.received(frame, || now)).count()
    }

    #[test]
    fn frames_without_an_answer_are_bounded_of_every_kind() {
        for kind in (0..=10).chain([255]) {
            let empty = Frame { length: 0, kind, flags: 0 };
            assert_eq!(taken(&mut FrameLimits::new(), empty), MOST, "{kind}");
        }
        let settings = Frame { length: 16_320, kind: 4, flags: 0 };
        assert_eq!(taken(&mut FrameLimits::new(), settings), MOST / 256);
    }

    #[test]
    fn a_body_costs_nothing_and_crumbs_of_one_do() {
        for frame in [
            Frame { length: 16_384, kind: DATA, flags: 0 },
            Frame { length: 0, kind: DATA, flags: END_STREAM },
        ] {
            assert_eq!(taken(&mut FrameLimits::new(), frame), 10 * MOST);
        }
        assert_eq!(taken(&mut FrameLimits::new(), Frame { length: 1, kind: DATA, flags: 0 }), MOST);
    }

    #[test]
    fn answers_and_time_give_back() {
        let mut frame_limits = FrameLimits::new();
        taken(&mut frame_limits, PING);
        frame_limits.sent(Frame { length: 100, kind: HEADERS, flags: 4 });
        assert_eq!(taken(&mut frame_limits, PING), PER_ANSWER);
        for length in [1_000, 1_000, 16_384] {
            frame_limits.sent(Frame { length, kind: DATA, flags: 0 });
        }
        assert_eq!(taken(&mut frame_limits, PING), (2_000 + 16_384) / BYTES_TAKEN);
        // An acknowledged ping is not a response.
        frame_limits.sent(PING);
        assert_eq!(taken(&mut frame_limits, PING), 0);
        let later = frame_limits.since + Duration::from_secs(2);
        assert!(frame_limits.received(PING, || later));
        assert_eq!(taken(&mut frame_limits, PING), 2 * PER_SECOND - 1);
        let much_later = frame_limits.since + Duration::from_hours(1);
        assert!(frame_limits.received(PING, || much_later));
        assert_eq!(taken(&mut frame_limits, PING), MOST - 1);
    }
}
