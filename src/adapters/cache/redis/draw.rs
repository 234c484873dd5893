//! Rate limits that all replicas share. One script counts, so a draw on several budgets is atomic.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use deadpool_redis::redis;

use super::client::RedisClient;
use crate::adapters::tokens::secret_key::{Purpose, SecretKey};
use crate::domain::{Budgets, Charge, Drawn, Timestamp};

/// The result of a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SharedDraw<'a> {
    /// Every budget had a draw left.
    All,
    /// One budget had none left, and nothing was drawn.
    Refused {
        /// The charge on that budget.
        charge: &'a Charge,
        /// How long until the budget has one.
        wait: Duration,
        /// Whether the subject has to wait because of failures.
        is_penalty: bool,
    },
}

/// The script, and the key that pseudonymizes subjects: they may be addresses of people.
pub(super) struct Draws {
    script: redis::Script,
    subjects: hmac::Key,
}

impl Draws {
    pub(super) fn new(secret: &SecretKey) -> Self {
        let key = secret.derive(Purpose::RateLimitSubjects);
        Self {
            script: redis::Script::new(include_str!("draw.lua")),
            subjects: hmac::Key::new(hmac::HMAC_SHA256, key.as_slice()),
        }
    }
}

impl RedisClient {
    /// Draws on every budget or on none. Returns `None` if Redis gives no answer.
    pub async fn draw<'a>(
        &self,
        charges: &'a [Charge],
        budgets: &Budgets,
        now: Timestamp,
    ) -> Option<SharedDraw<'a>> {
        let [number, wait, is_penalty] = self.run_draws("draw", charges, budgets, now).await?;
        let Some(index) = usize::try_from(number).ok()?.checked_sub(1) else { return Some(SharedDraw::All) };
        let wait = Duration::from_micros(u64::try_from(wait).ok()?);
        Some(SharedDraw::Refused { charge: charges.get(index)?, wait, is_penalty: is_penalty == 1 })
    }

    /// Gives a draw back.
    pub async fn give_back(&self, charge: &Charge, budgets: &Budgets, now: Timestamp) {
        self.run_draws("give_back", std::slice::from_ref(charge), budgets, now).await;
    }

    /// Counts a draw as a failure.
    pub async fn penalize(&self, charge: &Charge, budgets: &Budgets, now: Timestamp) {
        self.run_draws("penalize", std::slice::from_ref(charge), budgets, now).await;
    }

    /// Deletes the draws and failures of the subject.
    pub async fn forgive(&self, charge: &Charge) {
        let Some(up) = self.link.confirmed() else { return };
        let del = redis::cmd("DEL").arg(self.subject_key(charge)).take();
        let _: Option<()> =
            self.link.call(&up, "DEL", async |connection| del.query_async(connection).await).await;
    }

    async fn run_draws(
        &self,
        action: &str,
        charges: &[Charge],
        budgets: &Budgets,
        now: Timestamp,
    ) -> Option<[i64; 3]> {
        let up = self.link.confirmed()?;
        let mut call = self.draws.script.prepare_invoke();
        call.arg(action)
            .arg(now.as_micros())
            .arg(Drawn::longest_wait_micros())
            .arg(Drawn::forgiven_after_micros());
        for charge in charges {
            let budget = budgets.of(charge.limit);
            call.key(self.subject_key(charge)).arg(budget.interval_micros()).arg(budget.tolerance_micros());
        }
        self.link.call(&up, "EVALSHA draw", async |connection| call.invoke_async(connection).await).await
    }

    fn subject_key(&self, charge: &Charge) -> String {
        let mac = hmac::sign(&self.draws.subjects, charge.subject.as_bytes());
        let subject = URL_SAFE_NO_PAD.encode(&mac.as_ref()[..16]);
        format!("{}:limit:{}:{subject}", self.namespace, charge.limit)
    }
}
