//! The rate limiter.

use std::sync::Arc;

use crate::adapters::cache::redis::RedisClient;
use crate::adapters::rate_limiter::{RateLimits, Unlimited};
use crate::domain::Budgets;
use crate::ports::{Clock, RateLimiter};
use crate::tasks::Tasks;

/// The rate limiter. Replicas share it in Redis if that is configured.
pub(super) fn build_limiter(
    budgets: Option<&Budgets>,
    clock: &Arc<dyn Clock>,
    redis: Option<&Arc<RedisClient>>,
    tasks: &Tasks,
) -> Arc<dyn RateLimiter> {
    match budgets {
        Some(budgets) => Arc::new(RateLimits::new(budgets, clock.clone(), redis.cloned(), tasks.clone())),
        None => Arc::new(Unlimited),
    }
}
