use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::connection::{Connection, Owner};
use super::ledger::Share;
use super::limits::{UNPROVEN, half, quarter};

/// Responses up to this size are part of the cost of a request.
const SMALL: usize = 4 * 1024;

impl Connection {
    /// Starts a request of this client. Returns `None` if the maximum number is reached: on this connection
    /// without a token, for the address, or in total.
    #[must_use]
    pub fn begin(self: &Arc<Self>, client: Option<IpAddr>) -> Option<Arc<Flight>> {
        let flight = self.try_to_begin(client);
        if flight.is_none() {
            self.ledger.refused().requests.add(1);
        }
        flight
    }

    fn try_to_begin(self: &Arc<Self>, client: Option<IpAddr>) -> Option<Arc<Flight>> {
        let most = if self.is_trusted { usize::MAX } else { UNPROVEN };
        self.unproven.take(1, most).then_some(())?;
        let owner = match client {
            Some(client) if client != self.peer.to_canonical() => {
                self.ledger.member(client).map_or(Owner::Exempt, Owner::Client)
            }
            _ => Owner::Peer,
        };
        let flight = Flight::begin(Arc::clone(self), owner);
        if flight.is_none() {
            self.unproven.give(1);
        }
        flight.map(Arc::new)
    }
}

/// A request until its response is sent. The request holds it first, then the bytes of the response.
pub struct Flight {
    connection: Arc<Connection>,
    owner: Owner,
    is_authenticated: AtomicBool,
    /// As how many requests it counts.
    requests: AtomicUsize,
    unsent: AtomicUsize,
}

/// Attached to a request instead of a [`Flight`] when there are too many.
#[derive(Clone, Copy, Debug)]
pub struct Refused;

impl Flight {
    pub(super) fn begin(connection: Arc<Connection>, owner: Owner) -> Option<Self> {
        let (ledger, budget) = (&connection.ledger, &connection.ledger.budget);
        let part = connection.share(&owner).map(|share| (&share.requests, half(budget.requests)));
        if !ledger.requests.take_both(1, budget.requests, part) {
            return None;
        }
        Some(Self {
            connection,
            owner,
            is_authenticated: AtomicBool::new(false),
            requests: AtomicUsize::new(1),
            unsent: AtomicUsize::new(0),
        })
    }

    /// Records that the request has a valid access token.
    pub fn prove(&self) {
        if !self.is_authenticated.swap(true, Ordering::Relaxed) {
            self.connection.unproven.give(1);
        }
    }

    /// Counts the request as this many more, because its body may be larger than those of others. Returns
    /// false if that is too many.
    #[must_use]
    pub fn widen(&self, more: usize) -> bool {
        let (ledger, most) = (&self.connection.ledger, self.connection.ledger.budget.requests);
        let part = self.share().map(|share| (&share.requests, half(most)));
        let is_wider = ledger.requests.take_both(more, most, part);
        if is_wider {
            self.requests.fetch_add(more, Ordering::Relaxed);
        } else {
            ledger.refused().requests.add(1);
        }
        is_wider
    }

    /// Counts the bytes of the response until it is sent. Returns false if too many bytes are unsent.
    #[must_use]
    pub fn hold(&self, bytes: usize) -> bool {
        if bytes <= SMALL {
            return true;
        }
        let (ledger, most) = (&self.connection.ledger, self.connection.ledger.budget.unsent);
        let part = self.share().map(|share| (&share.unsent, quarter(most)));
        let is_held = ledger.unsent.take_both(bytes, most, part);
        if is_held {
            self.unsent.fetch_add(bytes, Ordering::Relaxed);
        } else {
            ledger.refused().unsent.add(1);
        }
        is_held
    }

    fn share(&self) -> Option<&Share> {
        self.connection.share(&self.owner)
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let (ledger, unsent) = (&self.connection.ledger, self.unsent.load(Ordering::Relaxed));
        let requests = self.requests.load(Ordering::Relaxed);
        ledger.requests.give(requests);
        ledger.unsent.give(unsent);
        if let Some(share) = self.share() {
            share.requests.give(requests);
            share.unsent.give(unsent);
        }
        if !self.is_authenticated.load(Ordering::Relaxed) {
            self.connection.unproven.give(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::budget::{Budget, Ledger};

    #[test]
    fn a_request_with_a_large_body_counts_as_several() {
        let budget = Budget { connections: 8, http_2: 1, requests: 6, unsent: 0 };
        let ledger = Ledger::new(budget, Vec::new(), Arc::default());
        let connection = Connection::open(&ledger, "203.0.113.1".parse().unwrap()).unwrap();
        let begin = || connection.begin("203.0.113.1".parse().ok());
        let (large, small) = (begin().unwrap(), begin().unwrap());
        // An address has at most half of all requests.
        assert!(!large.widen(2) && large.widen(1));
        assert!(!small.widen(1) && begin().is_none());
        assert_eq!(ledger.requests.used(), 3);
        drop(large);
        assert_eq!(ledger.requests.used(), 1);
        assert!(small.widen(2));
        drop(small);
        assert_eq!(ledger.requests.used(), 0);
    }

    #[test]
    fn answers_that_are_not_sent_are_bounded_by_address_and_altogether() {
        let unsent = 16 * SMALL;
        let budget = Budget { connections: 8, http_2: 1, requests: 100, unsent };
        let ledger = Ledger::new(budget, vec!["10.0.0.0/8".parse().unwrap()], Arc::default());
        let connection = Connection::open(&ledger, "10.0.0.1".parse().unwrap()).unwrap();
        let begin = |client: &str| connection.begin(client.parse().ok()).unwrap();
        let held: Vec<_> = (0..4).map(|n| begin(&format!("203.0.113.{n}"))).collect();
        // A single address gets a quarter. The more addresses there are, the less each gets.
        for (flight, has_more) in held.iter().zip([true, true, false, false]) {
            assert!(flight.hold(2 * SMALL));
            assert_eq!(flight.hold(2 * SMALL), has_more);
            assert!(!flight.hold(SMALL + 1));
        }
        let next = begin("203.0.113.9");
        assert!(next.hold(4 * SMALL));
        // The budget is used up, so no address gets more, except for small responses.
        assert!(!begin("203.0.113.8").hold(SMALL + 1) && !begin("10.0.0.1").hold(SMALL + 1));
        assert!(begin("203.0.113.8").hold(SMALL));
        drop(next);
        drop(held);
        assert_eq!(ledger.unsent.used(), 0);
        // A trusted proxy without a client has no share.
        assert!(begin("10.0.0.1").hold(unsent));
        assert_eq!((ledger.unsent.used(), ledger.requests.used()), (0, 0));
    }
}
