//! How much memory clients can make the service use, and how it is shared out among them.
//!
//! **Here**: the limits that follow from one number ([`Budget`]); what is in use, by the process and by each client address
//! (`ledger.rs`); what one connection holds (`connection.rs`) and what one request does (`flight.rs`).
//!
//! **May use**: `domain`, `telemetry`, ipnet.
//!
//! **To add one**: a limit is a field of [`Budget`] with its cost in [`Budget::most`], and its row in the table of
//! `docs/operations.md`.

mod connection;
mod flight;
mod ledger;

pub use connection::Connection;
pub use flight::{Flight, Refused};
pub use ledger::Ledger;

/// One kibibyte.
const KIB: usize = 1024;

/// The longest head of a request that is read whole, by HTTP/1; also the largest header list of HTTP/2.
pub const LONGEST_HEAD: usize = 16 * KIB;
/// The longest head that is served. Up to [`LONGEST_HEAD`], the refusal says so.
pub const SERVED_HEAD: usize = 8 * KIB;
/// The most header fields of a request that is served.
pub const MOST_FIELDS: usize = 100;
/// How many requests run at once on one HTTP/2 connection: what RFC 9113 recommends as the least.
pub const STREAMS: usize = 100;
/// How many of them may run without a valid access token.
pub const UNPROVEN: usize = STREAMS / 2;

/// What a connection takes: buffers for one head and for the answers that are on their way, and the task that serves it.
const CONNECTION: usize = 32 * KIB;
/// What a connection over HTTP/2 takes besides: a frame each way, the tables of header compression, 64 KiB of bodies, and its
/// streams with answers that the client does not read.
const HTTP_2: usize = 128 * KIB + STREAMS * 3 * KIB;
/// What a request takes besides its body: its header fields, and what works on it.
const REQUEST: usize = 48 * KIB;
/// A body is there as it came and as what was read from it.
const BODIES: usize = 2;
/// Fewer requests or connections at once are no service.
const FEWEST: usize = 16;

/// The part of each budget that one address has at most while it is alone, as a divisor. The more addresses want it,
/// the less each of them has, so that a few do not use it up.
pub(super) const HALF: usize = 2;
pub(super) const QUARTER: usize = 4;

/// What clients can make the process hold at once. A quarter of the memory is for connections, one for what HTTP/2 takes
/// besides, one for requests, one for answers that are not sent yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The most open connections.
    pub connections: usize,
    /// The most of them over HTTP/2.
    pub http_2: usize,
    /// The most requests at once, until the answer is sent.
    pub requests: usize,
    /// The most bytes of answers that are not sent yet.
    pub unsent: usize,
}

impl Budget {
    /// The limits that follow from this much memory, in bytes, where bodies have up to `body_bytes`. `None` where it is too
    /// little to serve anybody.
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

    /// The least memory that [`Budget::of`] takes for such bodies.
    #[must_use]
    pub const fn least(body_bytes: usize) -> usize {
        4 * FEWEST * (REQUEST + BODIES * body_bytes)
    }

    /// The memory that all of it takes, in bytes.
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
                    // Nothing is given away either.
                    assert!(budget.most(body_bytes) + 3 * (HTTP_2 + BODIES * body_bytes) > memory);
                }
            }
        }
    }

    #[test]
    fn the_default_is_what_the_documentation_says() {
        let budget = Budget::of(256 * MIB, 16 * KIB).unwrap();
        let table = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/operations.md");
        let table = std::fs::read_to_string(table).unwrap();
        for (limit, number) in [
            ("connections", budget.connections),
            ("connections over HTTP/2", budget.http_2),
            ("requests at once", budget.requests),
            ("connections of one address", budget.connections.div_ceil(QUARTER)),
            ("connections over HTTP/2 of one address", budget.http_2.div_ceil(QUARTER)),
            ("requests at once of one address", budget.requests.div_ceil(HALF)),
        ] {
            let row = table.lines().find(|line| line.starts_with(&format!("| {limit} |")));
            assert!(
                row.is_some_and(|row| row.ends_with(&format!("| {number} |"))),
                "{limit}: {number}, {row:?}"
            );
        }
    }

    #[test]
    fn what_is_too_little_is_told() {
        for body_bytes in [KIB, 16 * KIB, 64 * MIB] {
            let least = Budget::least(body_bytes);
            assert!(Budget::of(least, body_bytes).is_some() && Budget::of(least - 4, body_bytes).is_none());
        }
    }
}
