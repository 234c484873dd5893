use std::time::Duration;

use async_trait::async_trait;

use crate::domain::{Budget, Charge, RateLimit};

/// Counts the draws of each subject on its budgets. It never fails: while replicas cannot share their counts,
/// each uses its own, so two replicas together allow at most twice a budget.
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Draws once on each budget, or on none of them if one is exhausted.
    async fn draw(&self, charges: &[Charge]) -> Result<(), RateLimited>;

    /// Returns a draw that should not count, such as one for a password that could not be verified.
    async fn give_back(&self, charge: &Charge);

    /// Counts a draw as a failure. When its budget is exhausted, its subject waits longer each time.
    async fn penalize(&self, charge: &Charge);

    /// Counts a draw as a failure because its outcome will stay unknown. It does not wait: the caller was
    /// cancelled.
    fn abandon(&self, charge: &Charge);

    /// Resets the draws and failures of the subject.
    async fn forgive(&self, charge: &Charge);
}

/// A budget is exhausted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rate limit {} is reached", limit.as_str())]
pub struct RateLimited {
    /// The exhausted limit.
    pub limit: RateLimit,
    /// The budget of the limit.
    pub budget: Budget,
    /// How long until one draw is available.
    pub retry_after: Duration,
}
