use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::Prefix;

/// How long an address may not use HTTP/2 after it sent too many frames.
pub(super) const CALM: Duration = Duration::from_secs(10);
/// The maximum number of addresses that are remembered.
const MOST: usize = 4_096;

/// The addresses that sent too many frames. Each new connection has a credit of frames of its own, so without
/// this a client that connects again and again could keep a core busy.
#[derive(Default)]
pub(super) struct Calm(Mutex<HashMap<Prefix, Instant>>);

impl Calm {
    /// Refuses HTTP/2 to an address for [`CALM`].
    pub(super) fn impose(&self, address: Prefix, now: Instant) {
        let mut ends = self.ends();
        if ends.len() >= MOST {
            ends.retain(|_, end| *end > now);
        }
        if ends.len() < MOST || ends.contains_key(&address) {
            ends.insert(address, now + CALM);
        }
    }

    /// Whether HTTP/2 is refused to an address.
    pub(super) fn is_imposed(&self, address: Prefix, now: Instant) -> bool {
        self.ends().get(&address).is_some_and(|end| *end > now)
    }

    fn ends(&self) -> MutexGuard<'_, HashMap<Prefix, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn address(number: usize) -> Prefix {
        Prefix::of(IpAddr::V4(Ipv4Addr::from(u32::try_from(number).unwrap())))
    }

    #[test]
    fn an_address_is_refused_for_a_while() {
        let (calm, now) = (Calm::default(), Instant::now());
        calm.impose(address(1), now);
        assert!(calm.is_imposed(address(1), now) && !calm.is_imposed(address(2), now));
        assert!(!calm.is_imposed(address(1), now + CALM));
    }

    #[test]
    fn a_bounded_number_is_remembered_and_those_that_have_ended_make_room() {
        let (calm, now) = (Calm::default(), Instant::now());
        for number in 0..=MOST {
            calm.impose(address(number), now);
        }
        assert_eq!(calm.ends().len(), MOST);
        assert!(!calm.is_imposed(address(MOST), now));
        let later = now + CALM;
        calm.impose(address(MOST), later);
        assert!(calm.is_imposed(address(MOST), later));
        assert_eq!(calm.ends().len(), 1);
    }
}
