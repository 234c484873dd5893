use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ipnet::IpNet;

use super::calm::Calm;
use super::limits::{Budget, quarter};
use crate::domain::{FairShare, Prefix};
use crate::telemetry::metrics::{HttpCounts, Rejections};

/// The resources in use, by the process and by each client address.
pub struct Ledger {
    pub(super) budget: Budget,
    /// The trusted proxies, which have no share.
    trusted: Vec<IpNet>,
    counts: Arc<HttpCounts>,
    connections: Count,
    pub(super) http_2: Count,
    pub(super) requests: Count,
    pub(super) unsent: Count,
    shares: Mutex<HashMap<Prefix, Arc<Share>>>,
    pub(super) calm: Calm,
}

/// The resources that one client address uses.
#[derive(Default)]
pub(super) struct Share {
    connections: Count,
    pub(super) http_2: Count,
    pub(super) requests: Count,
    pub(super) unsent: Count,
}

/// An amount in use.
#[derive(Default)]
pub(super) struct Count(AtomicUsize);

/// A reference to the share of a client address. The share exists while any reference does.
pub(super) struct Member {
    ledger: Arc<Ledger>,
    address: Prefix,
    /// `Some` until the value is dropped.
    pub(super) share: Option<Arc<Share>>,
}

/// A counted connection. It counts for its client address unless that is a trusted proxy.
pub struct Seat {
    ledger: Arc<Ledger>,
    member: Option<Member>,
}

impl Ledger {
    /// A ledger with nothing in use. Addresses in `trusted` have no share.
    #[must_use]
    pub fn new(budget: Budget, trusted: Vec<IpNet>, counts: Arc<HttpCounts>) -> Arc<Self> {
        let (connections, http_2) = (Count::default(), Count::default());
        let (requests, unsent) = (Count::default(), Count::default());
        let (shares, calm) = (Mutex::default(), Calm::default());
        Arc::new(Self { budget, trusted, counts, connections, http_2, requests, unsent, shares, calm })
    }

    /// The counts of rejections.
    #[must_use]
    pub fn refused(&self) -> &Rejections {
        &self.counts.refused
    }

    /// The limits.
    #[must_use]
    pub const fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Counts a connection from this peer. Returns `None` if its address has the maximum number.
    #[must_use]
    pub fn seat(self: &Arc<Self>, peer: IpAddr) -> Option<Seat> {
        let member = self.member(peer);
        let share = member.as_ref().and_then(|member| member.share.as_ref());
        let part = share.map(|share| (&share.connections, quarter(self.budget.connections)));
        // The accept loop bounds the total number.
        if !self.connections.take_both(1, usize::MAX, part) {
            self.refused().connections.add(1);
            return None;
        }
        Some(Seat { ledger: Arc::clone(self), member })
    }

    /// The share of an address; `None` for a trusted proxy.
    pub(super) fn member(self: &Arc<Self>, address: IpAddr) -> Option<Member> {
        if self.is_trusted(address) {
            return None;
        }
        let address = Prefix::of(address);
        let share = Arc::clone(self.shares().entry(address).or_default());
        Some(Member { ledger: Arc::clone(self), address, share: Some(share) })
    }

    /// The trusted proxies.
    #[must_use]
    pub fn trusted(&self) -> &[IpNet] {
        &self.trusted
    }

    /// Whether the address is a trusted proxy.
    #[must_use]
    pub fn is_trusted(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted.iter().any(|proxies| proxies.contains(&address))
    }

    fn shares(&self) -> MutexGuard<'_, HashMap<Prefix, Arc<Share>>> {
        self.shares.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Count {
    /// Takes an amount, unless more than `most` would be in use.
    pub(super) fn take(&self, amount: usize, most: usize) -> bool {
        let taken = |used: usize| used.checked_add(amount).filter(|used| *used <= most);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken).is_ok()
    }

    /// Takes an amount from this whole and, if there is a part, the same amount from the part. Returns false
    /// and takes nothing if either has too little left.
    pub(super) fn take_both(&self, amount: usize, most: usize, part: Option<(&Self, FairShare)>) -> bool {
        if !self.take(amount, most) {
            return false;
        }
        let fits = part.is_none_or(|(part, fair)| part.take_share(amount, self, fair));
        if !fits {
            self.give(amount);
        }
        fits
    }

    /// Takes an amount of a share, unless that is more than its fair share of the whole, which includes the
    /// amount already. An unused share gets any amount.
    fn take_share(&self, amount: usize, whole: &Self, share: FairShare) -> bool {
        let used = whole.0.load(Ordering::Relaxed);
        let free = share.whole.saturating_sub(used.saturating_sub(amount));
        let taken = |used: usize| (used == 0 || share.allows(used, amount, free)).then_some(used + amount);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken).is_ok()
    }

    /// Returns an amount.
    pub(super) fn give(&self, amount: usize) {
        self.0.fetch_sub(amount, Ordering::Relaxed);
    }

    #[cfg(test)]
    pub(super) fn used(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Seat {
    /// The address of the peer, unless it is a trusted proxy.
    pub(super) fn address(&self) -> Option<Prefix> {
        self.member.as_ref().map(|member| member.address)
    }

    /// The share of the peer, unless it is a trusted proxy.
    pub(super) fn share(&self) -> Option<&Share> {
        self.member.as_ref().and_then(|member| member.share.as_deref())
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(share) = self.share() {
            share.connections.give(1);
        }
        self.ledger.connections.give(1);
    }
}

/// Removes the share of an address that has nothing in use.
impl Drop for Member {
    fn drop(&mut self) {
        let mut shares = self.ledger.shares();
        self.share = None;
        if shares.get(&self.address).is_some_and(|share| Arc::strong_count(share) == 1) {
            shares.remove(&self.address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(trusted: &str) -> Arc<Ledger> {
        let budget = Budget { connections: 8, http_2: 1, requests: 2, unsent: 4 };
        Ledger::new(budget, vec![trusted.parse().unwrap()], Arc::default())
    }

    fn seats(ledger: &Arc<Ledger>, peers: &[&str]) -> Vec<Option<Seat>> {
        peers.iter().map(|peer| ledger.seat(peer.parse().unwrap())).collect()
    }

    #[test]
    fn an_address_has_its_share_of_the_connections_and_gets_it_back() {
        let ledger = ledger("10.0.0.0/8");
        for (own, other) in [
            (["203.0.113.9", "::ffff:203.0.113.9", "203.0.113.9"], "203.0.113.8"),
            (["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::"], "2001:db8:0:1::1"),
        ] {
            let held = seats(&ledger, &own);
            assert_eq!(held.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, false]);
            assert!(ledger.refused().connections.get() > 0);
            assert!(ledger.seat(other.parse().unwrap()).is_some());
            drop(held);
            assert!(seats(&ledger, &own[..2]).iter().all(Option::is_some));
            assert!(ledger.shares().is_empty());
        }
        assert_eq!(ledger.connections.used(), 0);
    }

    #[test]
    fn several_addresses_leave_something_for_the_next() {
        let ledger = ledger("10.0.0.0/8");
        let peers = |host: u8| -> Vec<String> { vec![format!("203.0.113.{host}"); 8] };
        let held: Vec<_> = (1..=5)
            .map(|host| seats(&ledger, &peers(host).iter().map(String::as_str).collect::<Vec<_>>()))
            .collect();
        let counts = held.iter().map(|seats| seats.iter().flatten().count());
        assert_eq!(counts.collect::<Vec<_>>(), [2, 2, 1, 1, 1]);
        assert!(ledger.seat("203.0.113.6".parse().unwrap()).is_some());
    }

    #[test]
    fn a_trusted_proxy_has_no_share() {
        let ledger = ledger("10.0.0.0/8");
        assert!(seats(&ledger, &["10.0.0.1"; 9]).iter().all(Option::is_some));
        assert!(ledger.shares().is_empty());
        assert_eq!(ledger.refused().connections.get(), 0);
    }
}
