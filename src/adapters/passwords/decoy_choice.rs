use std::sync::{PoisonError, RwLock};

use aws_lc_rs::hmac;

use crate::adapters::tokens::secret_key::{Purpose, SecretKeys};
use crate::domain::{Email, HashCensus};
use crate::ports::{Decoy, Decoys};

/// Chooses decoys by a MAC of the email address, with a key derived from the secret key.
pub struct HmacDecoys {
    key: hmac::Key,
    census: RwLock<HashCensus>,
}

impl HmacDecoys {
    /// The same secret key always gives an address the same decoy, on every replica that has read the same
    /// census.
    #[must_use]
    pub fn new(secrets: &SecretKeys) -> Self {
        Self { key: secrets.present().mac_key(Purpose::Decoys), census: RwLock::default() }
    }
}

impl Decoys for HmacDecoys {
    fn of(&self, email: &Email) -> Decoy {
        let tag = hmac::sign(&self.key, email.key().as_bytes());
        let mut mac = [0; 32];
        mac.copy_from_slice(tag.as_ref());
        let census = self.census.read().unwrap_or_else(PoisonError::into_inner);
        Decoy { cost: census.cost_of(&mac).cloned(), seed: mac }
    }

    fn use_census(&self, census: HashCensus) {
        *self.census.write().unwrap_or_else(PoisonError::into_inner) = census;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::adapters::tokens::secret_key::SecretKey;
    use crate::domain::HashCost;

    fn decoys(secret: &str) -> HmacDecoys {
        HmacDecoys::new(&SecretKey::given(&secret.into()).into())
    }

    fn ours() -> HmacDecoys {
        decoys("a secret key of thirty-two bytes")
    }

    fn email(number: u32) -> Email {
        Email::parse(&format!("user{number}@example.com")).unwrap()
    }

    fn census(counts: &[(&str, u64)]) -> HashCensus {
        let counts: BTreeMap<_, _> =
            counts.iter().map(|(cost, number)| (HashCost::new(cost), *number)).collect();
        HashCensus::default().counted(&counts)
    }

    #[test]
    fn ten_thousand_addresses_have_the_costs_of_the_accounts_in_their_proportions() {
        let ours = ours();
        ours.use_census(census(&[("bcrypt", 20), ("argon2", 50), ("scrypt", 30)]));
        let mut found: BTreeMap<String, u32> = BTreeMap::new();
        for number in 0..10_000 {
            let cost = ours.of(&email(number)).cost.unwrap();
            *found.entry(cost.as_str().to_owned()).or_default() += 1;
        }
        for (cost, expected) in [("bcrypt", 2000), ("argon2", 5000), ("scrypt", 3000)] {
            // Six standard deviations. The addresses and the key are fixed, so the result is too.
            assert!(found[cost].abs_diff(expected) < 300, "{cost}: {} of 10,000", found[cost]);
        }
    }

    #[test]
    fn one_address_has_one_decoy_on_every_replica_and_another_key_gives_another() {
        let all = [ours(), ours(), decoys("another key of thirty-two bytes!")];
        for decoys in &all {
            decoys.use_census(census(&[("a", 1), ("b", 1)]));
        }
        let [one, two, other] = &all;
        for number in 0..100 {
            let variant = Email::parse(&format!("USER{number}@Example.COM")).unwrap();
            assert_eq!(one.of(&email(number)), two.of(&variant));
            assert_ne!(one.of(&email(number)).seed, other.of(&email(number)).seed);
            assert_ne!(one.of(&email(number)).seed, one.of(&email(number + 1)).seed);
        }
    }

    #[test]
    fn before_the_first_census_a_decoy_costs_the_same_as_a_new_hash() {
        assert_eq!(ours().of(&email(1)).cost, None);
    }
}
