use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::time::Instant;

use super::ledger::{Count, Ledger, Member, Seat, Share};
use super::limits::quarter;
use crate::telemetry::metrics::Rejections;

/// A client connection and the requests on it.
pub struct Connection {
    pub(super) ledger: Arc<Ledger>,
    pub(super) peer: IpAddr,
    /// Whether the peer is a trusted proxy, so that many of its requests may be unauthenticated at once.
    pub(super) is_trusted: bool,
    pub(super) unproven: Count,
    is_http_2: AtomicBool,
    seat: Seat,
}

/// The owner of the share that a request uses.
pub(super) enum Owner {
    /// The peer.
    Peer,
    /// The client for which the peer forwards.
    Client(Member),
    /// No share: the peer is a trusted proxy that names no client.
    Exempt,
}

impl Connection {
    /// Opens a connection from this peer. Returns `None` if its address has the maximum number.
    #[must_use]
    pub fn open(ledger: &Arc<Ledger>, peer: IpAddr) -> Option<Arc<Self>> {
        let seat = ledger.seat(peer)?;
        Some(Arc::new(Self {
            is_trusted: ledger.is_trusted(peer),
            ledger: Arc::clone(ledger),
            peer,
            unproven: Count::default(),
            is_http_2: AtomicBool::new(false),
            seat,
        }))
    }

    /// Records that the peer sent too many frames over HTTP/2. Its address may not use HTTP/2 for a while.
    pub fn flooded(&self) {
        self.ledger.refused().frames.add(1);
        if let Some(address) = self.seat.address() {
            self.ledger.calm.impose(address, Instant::now());
        }
    }

    /// Records that the connection uses HTTP/2. Returns false if the maximum number of such connections is
    /// reached, for the address or in total, or if the address sent too many frames a short while ago.
    #[must_use]
    pub fn speaks_http_2(&self) -> bool {
        let is_calmed = |address| self.ledger.calm.is_imposed(address, Instant::now());
        let is_counted = !self.seat.address().is_some_and(is_calmed) && self.takes_http_2();
        self.is_http_2.store(is_counted, Ordering::Relaxed);
        if !is_counted {
            self.ledger.refused().http_2.add(1);
        }
        is_counted
    }

    fn takes_http_2(&self) -> bool {
        let (all, most) = (&self.ledger.http_2, self.ledger.budget.http_2);
        all.take_both(1, most, self.seat.share().map(|share| (&share.http_2, quarter(most))))
    }

    /// Whether the peer is a trusted proxy.
    #[must_use]
    pub const fn is_trusted(&self) -> bool {
        self.is_trusted
    }

    /// The counts of rejections.
    #[must_use]
    pub fn refused(&self) -> &Rejections {
        self.ledger.refused()
    }

    pub(super) fn share<'a>(&'a self, owner: &'a Owner) -> Option<&'a Share> {
        match owner {
            Owner::Peer => self.seat.share(),
            Owner::Client(member) => member.share.as_deref(),
            Owner::Exempt => None,
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if *self.is_http_2.get_mut() {
            self.ledger.http_2.give(1);
            if let Some(share) = self.seat.share() {
                share.http_2.give(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::budget::{Budget, UNPROVEN};

    fn open(http_2: usize, requests: usize, peer: &str) -> Arc<Connection> {
        let budget = Budget { connections: 8, http_2, requests, unsent: 4 };
        let ledger = Ledger::new(budget, vec!["10.0.0.0/8".parse().unwrap()], Arc::default());
        Connection::open(&ledger, peer.parse().unwrap()).unwrap()
    }

    #[test]
    fn connections_over_http_2_are_bounded() {
        let first = open(1, 1, "203.0.113.9");
        assert!(first.speaks_http_2());
        let second = Connection::open(&first.ledger, "203.0.113.8".parse().unwrap()).unwrap();
        assert!(!second.speaks_http_2());
        drop(first);
        assert!(second.speaks_http_2());
    }

    #[test]
    fn connections_over_http_2_are_bounded_by_address() {
        let first = open(4, 1, "203.0.113.9");
        let ledger = Arc::clone(&first.ledger);
        let open = |peer: &str| Connection::open(&ledger, peer.parse().unwrap()).unwrap();
        let (second, other) = (open("203.0.113.9"), open("203.0.113.8"));
        assert!(first.speaks_http_2() && !second.speaks_http_2() && other.speaks_http_2());
        drop(second);
        assert_eq!(ledger.http_2.used(), 2);
        drop((first, other));
        assert_eq!(ledger.http_2.used(), 0);
    }

    #[test]
    fn requests_without_a_token_are_bounded_on_a_connection() {
        let connection = open(1, 10 * UNPROVEN, "203.0.113.9");
        let client = "203.0.113.9".parse().ok();
        let running: Vec<_> = (0..UNPROVEN).map(|_| connection.begin(client).unwrap()).collect();
        assert!(connection.begin(client).is_none());
        running[0].prove();
        running[0].prove();
        let one_more = connection.begin(client);
        assert!(one_more.is_some() && connection.begin(client).is_none());
        drop((running, one_more));
        assert_eq!((connection.unproven.used(), connection.ledger.requests.used()), (0, 0));
        let proxy = open(1, 10 * UNPROVEN, "10.0.0.1");
        let running: Vec<_> = (0..2 * UNPROVEN).map(|_| proxy.begin(None)).collect();
        assert!(running.iter().all(Option::is_some));
    }

    #[test]
    fn requests_are_bounded_by_address_and_altogether() {
        let connection = open(1, 4, "10.0.0.1");
        let (one, other, third) =
            ("203.0.113.9".parse().ok(), "203.0.113.8".parse().ok(), "203.0.113.7".parse().ok());
        let begin = |client| connection.begin(client);
        let held = [begin(one), begin(one), begin(one), begin(other), begin(other), begin(third)];
        // The first address does not get everything and leave only the rest to others.
        assert_eq!(held.map(|flight| flight.is_some()), [true, true, false, true, false, true]);
        assert_eq!((connection.unproven.used(), connection.ledger.requests.used()), (0, 0));
    }
}
