use crate::domain::FairShare;

const KIB: usize = 1024;

/// The largest request head that is read completely over HTTP/1, and the largest header list over HTTP/2.
pub const LONGEST_HEAD: usize = 16 * KIB;
/// The largest head that is served. A larger one, up to [`LONGEST_HEAD`], is refused with a problem.
pub const SERVED_HEAD: usize = 8 * KIB;
/// The maximum number of header fields of a request.
pub const MOST_FIELDS: usize = 100;
/// The number of concurrent requests on one HTTP/2 connection: the recommended minimum of RFC 9113.
pub const STREAMS: usize = 100;
/// How many of them may be without a valid access token.
pub const UNPROVEN: usize = STREAMS / 2;

/// The memory of a connection: buffers for one head and for responses in transit, and its task.
const CONNECTION: usize = 32 * KIB;
/// The additional memory of an HTTP/2 connection: a frame in each direction, the tables of header
/// compression, 64 KiB of bodies, and its streams with responses that the client does not read.
const HTTP_2: usize = 128 * KIB + STREAMS * 3 * KIB;
/// The memory of a request without its body: its header fields, and its processing.
const REQUEST: usize = 48 * KIB;
/// A body is in memory twice: as received and as parsed.
const BODIES: usize = 2;
/// With fewer concurrent requests or connections the service is unusable.
const FEWEST: usize = 16;

/// The share of an address of which one alone gets at most half.
pub(super) const fn half(whole: usize) -> FairShare {
    FairShare { whole, parts: 2 }
}

/// The share of an address of which one alone gets at most a quarter.
pub(super) const fn quarter(whole: usize) -> FairShare {
    FairShare { whole, parts: 4 }
}

/// The limits on what clients can make the process hold in memory. A quarter each is for connections, for the
/// additional memory of HTTP/2, for requests, and for unsent responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The maximum number of open connections.
    pub connections: usize,
    /// The maximum number of HTTP/2 connections among them.
    pub http_2: usize,
    /// The maximum number of concurrent requests, until their response is sent.
    pub requests: usize,
    /// The maximum number of unsent response bytes.
    pub unsent: usize,
}

impl Budget {
    /// The limits that follow from this much memory, in bytes, with bodies of up to `body_bytes`. Returns
    /// `None` if it is too little to serve any client.
    #[must_use]
    pub fn of(memory: usize, body_bytes: usize) -> Option<Self> {
        let quarter = memory / 4;
        let budget = Self {
            connections: quarter / CONNECTION,
            http_2: quarter / HTTP_2,
            requests: quarter / (REQUEST + BODIES * body_bytes),
            unsent: quarter,
        };
        let least = budget.connections.min(budget.requests).min(budget.http_2 * FEWEST);
        (least >= FEWEST).then_some(budget)
    }

    /// The least memory that [`Budget::of`] accepts for such bodies.
    #[must_use]
    pub const fn least(body_bytes: usize) -> usize {
        4 * FEWEST * (REQUEST + BODIES * body_bytes)
    }

    /// How many requests take as much memory as `room` more bytes of a body.
    #[must_use]
    pub const fn requests_of(room: usize, body_bytes: usize) -> usize {
        (BODIES * room).div_ceil(REQUEST + BODIES * body_bytes)
    }

    /// The total memory of all limits, in bytes.
    #[must_use]
    pub const fn most(&self, body_bytes: usize) -> usize {
        self.connections * CONNECTION
            + self.http_2 * HTTP_2
            + self.requests * (REQUEST + BODIES * body_bytes)
            + self.unsent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = KIB * KIB;

    #[test]
    fn all_limits_together_stay_within_the_setting() {
        for body_bytes in [KIB, 16 * KIB, MIB, 64 * MIB] {
            for memory in [16 * MIB, 100 * MIB + 1, 256 * MIB, 16 * 1024 * MIB] {
                if let Some(budget) = Budget::of(memory, body_bytes) {
                    assert!(budget.most(body_bytes) <= memory, "{memory}: {budget:?}");
                    // No memory is left unused either.
                    assert!(budget.most(body_bytes) + 3 * (HTTP_2 + BODIES * body_bytes) > memory);
                }
            }
        }
    }

    #[test]
    fn the_default_is_what_the_documentation_says() {
        let budget = Budget::of(256 * MIB, 16 * KIB).unwrap();
        let table = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference.md");
        let table = std::fs::read_to_string(table).unwrap();
        for (limit, number) in [
            ("connections", budget.connections),
            ("connections over HTTP/2", budget.http_2),
            ("requests at once", budget.requests),
            ("connections of one address", budget.connections.div_ceil(4)),
            ("connections over HTTP/2 of one address", budget.http_2.div_ceil(4)),
            ("requests at once of one address", budget.requests.div_ceil(2)),
        ] {
            let row = table.lines().find(|line| line.starts_with(&format!("| {limit} |")));
            assert!(
                row.is_some_and(|row| row.ends_with(&format!("| {number} |"))),
                "{limit}: {number}, {row:?}"
            );
        }
    }

    #[test]
    fn a_large_body_counts_as_the_requests_whose_memory_it_takes() {
        for (room, body_bytes, requests) in [
            (0, 16 * KIB, 0),
            (1, 16 * KIB, 1),
            (40 * KIB, 16 * KIB, 1),
            (40 * KIB + 1, 16 * KIB, 2),
            (48 * KIB, KIB, 2),
            (48 * KIB, 64 * MIB, 1),
        ] {
            assert_eq!(Budget::requests_of(room, body_bytes), requests, "{room} {body_bytes}");
            let memory = requests * (REQUEST + BODIES * body_bytes);
            assert!(memory >= BODIES * room);
        }
    }

    #[test]
    fn what_is_too_little_is_reported() {
        for body_bytes in [KIB, 16 * KIB, 64 * MIB] {
            let least = Budget::least(body_bytes);
            assert!(Budget::of(least, body_bytes).is_some() && Budget::of(least - 4, body_bytes).is_none());
        }
    }
}
