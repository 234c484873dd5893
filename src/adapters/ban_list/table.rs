use std::collections::HashMap;
use std::hint::select_unpredictable;
use std::net::IpAddr;

use crate::domain::{Ban, BanEnd, BanTarget, Timestamp, UserId};

/// Bans in a form in which one binary search finds an address, however many prefix lengths there are.
#[derive(Debug, Default)]
pub(super) struct Table {
    v4: Ranges<u32>,
    v6: Ranges<u128>,
    users: HashMap<UserId, BanEnd>,
}

/// Sorted ranges of addresses that do not overlap, each with the latest end among the bans that cover it.
#[derive(Debug)]
struct Ranges<T> {
    /// The first addresses are stored apart from the rest, so that a search touches only a few cache lines.
    firsts: Vec<T>,
    rest: Vec<(T, BanEnd)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range<T> {
    first: T,
    last: T,
    end: BanEnd,
}

/// An address as a number.
trait Address: Copy + Ord {
    /// Returns `None` for the last address.
    fn next(self) -> Option<Self>;
    /// Returns `None` for the first address.
    fn before(self) -> Option<Self>;
}

impl Address for u32 {
    fn next(self) -> Option<Self> {
        self.checked_add(1)
    }

    fn before(self) -> Option<Self> {
        self.checked_sub(1)
    }
}

impl Address for u128 {
    fn next(self) -> Option<Self> {
        self.checked_add(1)
    }

    fn before(self) -> Option<Self> {
        self.checked_sub(1)
    }
}

impl Table {
    pub(super) fn of(bans: &[Ban]) -> Self {
        let (mut v4, mut v6, mut users) = (Vec::new(), Vec::new(), HashMap::new());
        for Ban { target, end, .. } in bans {
            match target {
                BanTarget::User(user) => {
                    users.insert(*user, *end);
                }
                BanTarget::Network(network) => match network.range() {
                    (IpAddr::V4(first), IpAddr::V4(last)) => {
                        v4.push(Range { first: first.to_bits(), last: last.to_bits(), end: *end });
                    }
                    (IpAddr::V6(first), IpAddr::V6(last)) => {
                        v6.push(Range { first: first.to_bits(), last: last.to_bits(), end: *end });
                    }
                    _ => {}
                },
            }
        }
        Self { v4: Ranges::of(v4), v6: Ranges::of(v6), users }
    }

    pub(super) fn of_address(&self, address: IpAddr, now: Timestamp) -> Option<BanEnd> {
        let end = match address.to_canonical() {
            IpAddr::V4(address) => self.v4.find(address.to_bits()),
            IpAddr::V6(address) => self.v6.find(address.to_bits()),
        };
        end.filter(|end| !end.is_over(now))
    }

    pub(super) fn of_user(&self, user: UserId, now: Timestamp) -> Option<BanEnd> {
        // An empty map would hash the id first.
        let end = if self.users.is_empty() { None } else { self.users.get(&user).copied() };
        end.filter(|end| !end.is_over(now))
    }

    pub(super) fn has_users(&self, now: Timestamp) -> bool {
        self.users.values().any(|end| !end.is_over(now))
    }
}

impl<T> Default for Ranges<T> {
    fn default() -> Self {
        Self { firsts: Vec::new(), rest: Vec::new() }
    }
}

impl<T: Address> Ranges<T> {
    /// Builds the ranges from networks. Two networks are either disjoint, or one contains the other.
    fn of(mut networks: Vec<Range<T>>) -> Self {
        // A network sorts before those that it contains.
        networks.sort_by(|a, b| a.first.cmp(&b.first).then(b.last.cmp(&a.last)));
        let mut ranges = Self::default();
        // The networks around the current position, each within the previous one, with the part of it that is
        // not covered yet.
        let mut around: Vec<Range<T>> = Vec::new();
        for mut network in networks {
            while around.last().is_some_and(|inner| inner.last < network.first) {
                ranges.leave(&mut around);
            }
            if let Some(outer) = around.last() {
                network.end = network.end.max(outer.end);
                if let Some(last) = network.first.before() {
                    ranges.cover(Range { last, ..*outer });
                }
            }
            around.push(network);
        }
        while !around.is_empty() {
            ranges.leave(&mut around);
        }
        ranges
    }

    /// Covers the rest of the innermost network. The rest of the network around it begins behind.
    fn leave(&mut self, around: &mut Vec<Range<T>>) {
        let Some(inner) = around.pop() else { return };
        self.cover(inner);
        match inner.last.next() {
            Some(next) => {
                if let Some(outer) = around.last_mut() {
                    outer.first = next;
                }
            }
            // The networks around it end with the last address too.
            None => around.clear(),
        }
    }

    /// Appends a range, unless it is empty.
    fn cover(&mut self, range: Range<T>) {
        if range.first <= range.last {
            self.firsts.push(range.first);
            self.rest.push((range.last, range.end));
        }
    }

    fn find(&self, address: T) -> Option<BanEnd> {
        let (mut at, mut left) = (0, self.firsts.len());
        while left > 1 {
            let half = left / 2;
            let middle = at + half;
            let begins_before = self.firsts.get(middle).is_some_and(|first| *first <= address);
            at = select_unpredictable(begins_before, middle, at);
            left -= half;
        }
        let (first, (last, end)) = self.firsts.get(at).zip(self.rest.get(at))?;
        (*first <= address && address <= *last).then_some(*end)
    }
}
