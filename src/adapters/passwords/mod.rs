//! Password hashing with Argon2id (RFC 9106).
//!
//! **Here**: [`Argon2Hasher`] with its own threads (`pool`) and a queue no longer than they can serve in time
//! (`load_shed`), how these threads share the cores with others (`priority`), parsing and verifying of stored
//! hashes (`stored`), the cost of verifying them (`cost`), the hash that is verified if there is no account
//! (`decoy`), and the schemes of other services, whose hashes it verifies until their users log in next
//! (`imported`).
//!
//! **May use**: `ports`, `domain`, `telemetry`, argon2, bcrypt, scrypt and aws-lc-rs; on Linux rustix and
//! thread-priority.
//!
//! **To verify another scheme**: an arm in `imported`, with an estimate of the cost of a hash and the label
//! of that cost, and a hash of each scheme in the tests of `decoy`.

mod cost;
mod decoy;
mod decoy_choice;
mod imported;
mod load_shed;
mod pool;
mod priority;
mod stored;

use std::io;
use std::sync::Arc;

use argon2::{Block, Params};
use async_trait::async_trait;

pub use self::decoy_choice::HmacDecoys;
use self::pool::{Costly, Pool};
use self::stored::StoredHash;
use crate::config::PasswordSettings;
use crate::domain::{HashCost, Password, PasswordHash};
use crate::ports::{Decoy, HasherError, NotVerified, Origin, PasswordHasher, Permit, Verification};
use crate::telemetry::metrics::PasswordCounts;

/// Why the hasher did not start.
#[derive(Debug, thiserror::Error)]
pub enum Argon2StartError {
    /// Argon2 does not support this cost.
    #[error("unsupported cost of argon2: {0}")]
    Cost(argon2::Error),
    /// The operating system could not start a thread.
    #[error("failed to start a thread for password hashing: {0}")]
    Thread(#[from] io::Error),
}

/// Hashes and verifies passwords on its own threads, `svc-argon2-0` and so on. They stop when it is dropped.
///
/// A verification that costs clearly more time or memory than a new hash waits in a separate queue. Such
/// verifications use at most half of the threads, and one at a time per stored hash. Memory stays under five
/// times workers × cost, plus 512 MiB for all costly verifications together.
pub struct Argon2Hasher {
    pool: Pool<Vec<Block>>,
    params: Params,
}

impl Argon2Hasher {
    /// Starts the threads. Memory is allocated with the first passwords.
    pub fn start(settings: &PasswordSettings) -> Result<Self, Argon2StartError> {
        Self::counting(settings, Arc::default())
    }

    /// Starts the threads, and counts their queue in `counts`.
    pub fn counting(
        settings: &PasswordSettings,
        counts: Arc<PasswordCounts>,
    ) -> Result<Self, Argon2StartError> {
        let PasswordSettings { memory_kib, iterations, parallelism, priority, .. } = *settings;
        let params = Params::new(memory_kib, iterations, parallelism, Some(stored::OUTPUT))
            .map_err(Argon2StartError::Cost)?;
        let blocks = params.block_count();
        let costly_memory = cost::MOST_MEMORY.max(u64::from(memory_kib));
        let pool = Pool::start(
            "svc-argon2",
            settings.workers,
            settings.queue_length,
            settings.queue_wait,
            costly_memory,
            counts,
            move || priority::set(priority),
            move || vec![Block::new(); blocks],
        )?;
        Ok(Self { pool, params })
    }
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, origin: &Origin, password: &Password) -> Result<PasswordHash, HasherError> {
        let (password, params) = (password.clone(), self.params.clone());
        let hash = move |memory: &mut Vec<Block>| stored::hash(memory, &params, password.expose().as_bytes());
        Ok(PasswordHash::new(self.pool.run(origin, hash).await?))
    }

    fn cost_of(&self, hash: &PasswordHash) -> Result<HashCost, NotVerified> {
        Ok(StoredHash::parse(hash.expose(), &self.params)?.label())
    }

    fn reserve(&self, origin: &Origin) -> Result<Box<dyn Permit + '_>, HasherError> {
        let turn = self.pool.reserve(origin)?;
        Ok(Box::new(Argon2Permit { turn, params: &self.params }))
    }
}

/// A permit for one of the threads.
struct Argon2Permit<'a> {
    turn: pool::Permit<'a, Vec<Block>>,
    params: &'a Params,
}

#[async_trait]
impl Permit for Argon2Permit<'_> {
    async fn verify(
        self: Box<Self>,
        password: &Password,
        hash: Option<&PasswordHash>,
        decoy: &Decoy,
    ) -> Result<Verification, HasherError> {
        let (password, params) = (password.clone(), self.params.clone());
        // Made for every address, so that its time does not reveal whether there is an account.
        let decoy = decoy::text(decoy, &params);
        let stored = hash.filter(|hash| hash.is_usable()).and_then(|hash| {
            let stored = StoredHash::parse(hash.expose(), &params)
                .inspect_err(|reason| tracing::warn!(%reason, "stored password hash cannot be verified"));
            Some((hash.expose(), stored.ok()?))
        });
        let is_decoy = stored.is_none();
        let verified = stored.or_else(|| Some((decoy.as_str(), StoredHash::parse(&decoy, &params).ok()?)));
        // A decoy always parses.
        let Some((text, stored)) = verified else { return Ok(Verification::Wrong) };
        let cost = stored.cost();
        // The salt of a hash is unique, so the hash identifies its account; a decoy identifies its address.
        let costly = cost
            .is_clearly_more_than(&params)
            .then(|| Costly { key: text.into(), memory_kib: cost.memory_kib });
        let verify = move |memory: &mut Vec<Block>| {
            let verification = stored.verify(memory, &params, password.expose().as_bytes());
            if is_decoy { Verification::Wrong } else { verification }
        };
        match costly {
            Some(costly) => self.turn.run_costly(costly, verify).await,
            None => self.turn.run(verify).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::mpsc::channel;
    use std::task::{Context, Waker};
    use std::time::Duration;

    use super::*;
    use crate::domain::{HashPriority, PasswordPolicy};

    const NONE: Origin = Origin { client: None, account: None };

    fn hasher(memory_kib: u32, iterations: u32) -> Argon2Hasher {
        let settings = PasswordSettings {
            policy: PasswordPolicy::new(8, 256).unwrap(),
            memory_kib,
            iterations,
            parallelism: 1,
            workers: 2,
            queue_length: 8,
            queue_wait: Duration::from_mins(1),
            priority: HashPriority::Low,
        };
        Argon2Hasher::start(&settings).unwrap()
    }

    const DECOY: Decoy = Decoy { cost: None, seed: [7; 32] };

    async fn verify(hasher: &Argon2Hasher, password: &Password, hash: Option<&PasswordHash>) -> Verification {
        hasher.reserve(&NONE).unwrap().verify(password, hash, &DECOY).await.unwrap()
    }

    #[tokio::test]
    async fn a_hash_is_a_phc_string_that_verifies_on_any_hasher_of_this_cost() {
        let password = Password::new("correct horse");
        let hash = hasher(64, 2).hash(&NONE, &password).await.unwrap();
        let (head, rest) = hash.expose().split_at("$argon2id$v=19$m=64,t=2,p=1$".len());
        assert_eq!(head, "$argon2id$v=19$m=64,t=2,p=1$");
        assert_eq!(rest.split('$').map(str::len).collect::<Vec<_>>(), [22, 43], "16 and 32 bytes");

        let other = hasher(64, 2);
        assert_eq!(verify(&other, &password, Some(&hash)).await, Verification::Right);
        let wrong = Password::new("incorrect horse");
        assert_eq!(verify(&other, &wrong, Some(&hash)).await, Verification::Wrong);
        assert_ne!(other.hash(&NONE, &password).await.unwrap(), hash, "each has a salt of its own");
    }

    #[tokio::test]
    async fn a_cheaper_hash_is_outdated_and_a_dearer_one_is_not() {
        let password = Password::new("correct horse");
        let hasher_now = hasher(64, 2);
        for (memory, iterations, expected) in [
            (32, 2, Verification::RightButOutdated),
            (64, 1, Verification::RightButOutdated),
            (32, 4, Verification::RightButOutdated),
            (64, 3, Verification::Right),
            (128, 1, Verification::Right),
            (1024, 2, Verification::Right),
        ] {
            let hash = hasher(memory, iterations).hash(&NONE, &password).await.unwrap();
            let verified = verify(&hasher_now, &password, Some(&hash)).await;
            assert_eq!(verified, expected, "{memory} {iterations}");
        }
    }

    #[tokio::test]
    async fn nothing_to_verify_against_is_wrong() {
        let hasher = hasher(64, 1);
        let password = Password::new("correct horse");
        assert_eq!(verify(&hasher, &password, None).await, Verification::Wrong);
        let unusable = PasswordHash::unusable();
        for text in ["correct horse", "!", ""] {
            assert_eq!(verify(&hasher, &Password::new(text), Some(&unusable)).await, Verification::Wrong);
        }
        for unreadable in ["", "correct horse", "$argon2id$", "$2x$04$abc", "$1$salt$hash"] {
            let hash = PasswordHash::new(unreadable.to_owned());
            assert_eq!(verify(&hasher, &password, Some(&hash)).await, Verification::Wrong, "{unreadable}");
        }
    }

    #[tokio::test]
    async fn a_costly_hash_waits_for_its_share_while_others_are_verified() {
        let hasher = hasher(8, 1);
        let password = Password::new("correct horse");
        let usual = hasher.hash(&NONE, &password).await.unwrap();
        // Compared with 8 KiB written once, even the cheapest bcrypt is costly.
        let bcrypt = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
        let bcrypt = PasswordHash::new(bcrypt.to_owned());
        let ((say_begun, begun), (end, end_signal)) = (channel(), channel::<()>());
        let other = Costly { key: "of another account".into(), memory_kib: 0 };
        let held = hasher.pool.reserve(&NONE).unwrap().run_costly(other, move |_| {
            say_begun.send(()).unwrap();
            end_signal.recv().unwrap();
        });
        let (mut held, mut costly) = (pin!(held), pin!(verify(&hasher, &password, Some(&bcrypt))));
        let context = &mut Context::from_waker(Waker::noop());
        assert!(held.as_mut().poll(context).is_pending());
        begun.recv().unwrap();
        assert!(costly.as_mut().poll(context).is_pending());
        // One of the two threads is busy, and the other one is free for these only.
        for _ in 0..10 {
            assert_eq!(verify(&hasher, &password, Some(&usual)).await, Verification::Right);
        }
        assert!(costly.as_mut().poll(context).is_pending());
        end.send(()).unwrap();
        held.await.unwrap();
        assert_eq!(costly.await, Verification::RightButOutdated);
    }

    #[test]
    fn an_impossible_cost_is_refused_at_the_start() {
        let impossible = PasswordSettings {
            policy: PasswordPolicy::new(8, 256).unwrap(),
            memory_kib: 4,
            iterations: 2,
            parallelism: 1,
            workers: 1,
            queue_length: 1,
            queue_wait: Duration::ZERO,
            priority: HashPriority::Low,
        };
        assert!(matches!(Argon2Hasher::start(&impossible), Err(Argon2StartError::Cost(_))));
    }
}
