//! Rate limits: in this process, and in a Redis that all replicas share.
//!
//! **Here**: [`RateLimits`], which asks Redis first if configured, and also counts in this process; `local`,
//! the counts of this process; [`Unlimited`], for a service behind a proxy that has limits. The domain
//! defines how a budget is counted (`domain/budget.rs`); a script does the same in Redis
//! (`adapters/cache/redis/draw.lua`), and a test compares the two.
//!
//! **May use**: `ports`, `domain`, the [`RedisClient`], and [`Tasks`] for draws that are left to be counted
//! when a caller is cancelled.
//!
//! Every draw is counted in this process, also while Redis answers. If Redis fails, each replica continues
//! with its own counts, so two replicas allow at most twice a budget.

mod local;

use std::sync::Arc;

use async_trait::async_trait;
use tokio::runtime::Handle;

use self::local::{Local, is_given_back, refused};
use crate::adapters::cache::redis::{RedisClient, SharedDraw};
use crate::domain::{Budgets, Charge, Timestamp};
use crate::ports::{Clock, RateLimited, RateLimiter};
use crate::tasks::Tasks;

/// Rate limits in this process and in Redis.
pub struct RateLimits {
    budgets: Arc<Budgets>,
    clock: Arc<dyn Clock>,
    local: Local,
    redis: Option<Arc<RedisClient>>,
    tasks: Tasks,
}

/// No limits.
#[derive(Clone, Copy, Debug)]
pub struct Unlimited;

impl RateLimits {
    /// Starts without draws. Without Redis, the counts are those of this process.
    #[must_use]
    pub fn new(
        budgets: &Budgets,
        clock: Arc<dyn Clock>,
        redis: Option<Arc<RedisClient>>,
        tasks: Tasks,
    ) -> Self {
        let budgets = Arc::new(*budgets);
        Self { local: Local::new(budgets.clone()), budgets, clock, redis, tasks }
    }

    /// Returns Redis, for limits that replicas share.
    fn shared(&self, charges: &[Charge]) -> Option<&Arc<RedisClient>> {
        let redis = self.redis.as_ref()?;
        charges.iter().all(|charge| charge.limit.is_shared()).then_some(redis)
    }

    async fn draw_shared(
        &self,
        redis: &RedisClient,
        charges: &[Charge],
        now: Timestamp,
    ) -> Option<Result<(), RateLimited>> {
        // A subject that is known to wait costs no call of Redis.
        if let Err(refused) = self.local.check_reported(charges, now) {
            return Some(Err(refused));
        }
        match redis.draw(charges, &self.budgets, now).await? {
            SharedDraw::All => {
                let counted = self.local.count(charges, now);
                if counted.is_err() {
                    for charge in charges {
                        redis.give_back(charge, &self.budgets, now).await;
                    }
                }
                Some(counted)
            }
            SharedDraw::Refused { charge, wait, is_penalty } => {
                if is_penalty || !is_given_back(charge.limit) {
                    self.local.was_reported(charge, now, wait);
                }
                Some(Err(refused(charge.limit, &self.budgets, wait, is_penalty)))
            }
        }
    }
}

#[async_trait]
impl RateLimiter for RateLimits {
    async fn draw(&self, charges: &[Charge]) -> Result<(), RateLimited> {
        let now = self.clock.now();
        if let Some(redis) = self.shared(charges)
            && let Some(answer) = self.draw_shared(redis, charges, now).await
        {
            return answer;
        }
        self.local.draw(charges, now)
    }

    async fn give_back(&self, charge: &Charge) {
        self.local.give_back(charge);
        if let Some(redis) = self.shared(std::slice::from_ref(charge)) {
            redis.give_back(charge, &self.budgets, self.clock.now()).await;
        }
    }

    async fn penalize(&self, charge: &Charge) {
        let now = self.clock.now();
        // Counted here too, so that waits continue when Redis fails. While Redis answers, only its counts of
        // failures matter.
        self.local.penalize(charge, now);
        if let Some(redis) = self.shared(std::slice::from_ref(charge)) {
            redis.penalize(charge, &self.budgets, now).await;
        }
    }

    fn abandon(&self, charge: &Charge) {
        let now = self.clock.now();
        self.local.penalize(charge, now);
        // A caller that is dropped together with the runtime cannot spawn a task.
        let Some(redis) = self.shared(std::slice::from_ref(charge)).filter(|_| Handle::try_current().is_ok())
        else {
            return;
        };
        let (redis, budgets, charge) = (Arc::clone(redis), Arc::clone(&self.budgets), charge.clone());
        self.tasks.spawn(async move { redis.penalize(&charge, &budgets, now).await });
    }

    async fn forgive(&self, charge: &Charge) {
        self.local.forgive(charge);
        if let Some(redis) = self.shared(std::slice::from_ref(charge)) {
            redis.forgive(charge).await;
        }
    }
}

#[async_trait]
impl RateLimiter for Unlimited {
    async fn draw(&self, _: &[Charge]) -> Result<(), RateLimited> {
        Ok(())
    }

    async fn give_back(&self, _: &Charge) {}

    async fn penalize(&self, _: &Charge) {}

    fn abandon(&self, _: &Charge) {}

    async fn forgive(&self, _: &Charge) {}
}

#[cfg(test)]
mod tests;
