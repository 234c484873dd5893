use argon2::Params;

/// No hash that needs more memory than this is verified, unless our own hashes do: 512 MiB, in KiB.
pub(super) const MOST_MEMORY: u64 = 512 << 10;
/// No hash that costs more work than this is verified, unless our own hashes do: that of Argon2 writing 2 GiB
/// over all its passes, in KiB. It takes about a second.
const MOST_WORK: u64 = 2 << 20;
/// A hash counts as costly if it needs more than this many times the memory or the work of our own hashes.
const CLEARLY_MORE: u64 = 4;

/// The cost of verifying a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cost {
    /// The memory that it needs, in KiB.
    pub memory_kib: u64,
    /// The time that it takes, as the KiB that Argon2 writes in that time.
    pub work: u64,
}

impl Cost {
    pub(super) fn of(params: &Params) -> Self {
        Self { memory_kib: u64::from(params.m_cost()), work: work(params) }
    }

    /// Returns whether it is within the limits for verification. `own` is the cost of a new hash.
    pub(super) fn is_bearable(self, own: &Params) -> bool {
        let own = Self::of(own);
        self.memory_kib <= MOST_MEMORY.max(own.memory_kib) && self.work <= MOST_WORK.max(own.work)
    }

    /// Returns whether it is clearly higher than the cost of a new hash.
    pub(super) fn is_clearly_more_than(self, own: &Params) -> bool {
        let own = Self::of(own);
        self.memory_kib > own.memory_kib.saturating_mul(CLEARLY_MORE)
            || self.work > own.work.saturating_mul(CLEARLY_MORE)
    }
}

/// Returns the memory that is written in all passes, in KiB.
pub(super) fn work(params: &Params) -> u64 {
    u64::from(params.m_cost()) * u64::from(params.t_cost())
}

#[cfg(test)]
mod tests {
    use super::super::stored::{OUTPUT, StoredHash};
    use super::*;

    #[test]
    fn a_hash_that_costs_clearly_more_than_the_default_is_recognized_by_its_parameters() {
        let default = Params::new(19_456, 2, 1, Some(OUTPUT)).unwrap();
        let is_costly =
            |hash: &str| StoredHash::parse(hash, &default).unwrap().cost().is_clearly_more_than(&default);
        for (cost, expected) in [("04", false), ("10", false), ("12", true), ("14", true)] {
            let hash = format!("$2b${cost}$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e");
            assert_eq!(is_costly(&hash), expected, "bcrypt {cost}");
        }
        for (head, expected) in [
            ("$argon2id$v=19$m=19456,t=2,p=1", false),
            ("$argon2id$v=19$m=19456,t=8,p=1", false),
            ("$argon2id$v=19$m=19456,t=9,p=1", true),
            ("$argon2id$v=19$m=77825,t=1,p=1", true),
            ("$scrypt$ln=14,r=8,p=1", false),
            ("$scrypt$ln=17,r=8,p=1", true),
            ("$scrypt$ln=10,r=8,p=40", true),
            ("$pbkdf2-sha256$i=100000", false),
            ("$pbkdf2-sha256$i=600000", true),
            ("$pbkdf2-sha512$i=210000", true),
        ] {
            let hash = format!("{head}$c2FsdHNhbHRzYWx0c2FsdA$rkTI9fAgA7thDzzR8FHXhMiojYBreJBmYTkEzWypBCQ");
            assert_eq!(is_costly(&hash), expected, "{head}");
        }
    }
}
