use std::time::Duration;

use async_trait::async_trait;

use crate::domain::{Budget, Charge, RateLimit};

/// Counts what each subject draws from its budgets. It always answers: while replicas cannot share their counts, each goes by
/// its own, so two replicas let at most twice a budget pass.
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Draws once on each budget, or on none of them if one is exhausted.
    async fn draw(&self, charges: &[Charge]) -> Result<(), RateLimited>;

    /// Takes a draw back that turned out to be none, such as one for a password that could not be verified.
    async fn give_back(&self, charge: &Charge);

    /// Counts a draw as a failure: when its budget is exhausted, its subject waits longer each time.
    async fn penalize(&self, charge: &Charge);

    /// Counts a draw as a failure because its outcome will not be known: the caller is going away and waits
    /// for nothing.
    fn abandon(&self, charge: &Charge);

    /// Forgets the draws and failures of the subject.
    async fn forgive(&self, charge: &Charge);
}

/// A budget is exhausted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rate limit {} is reached", limit.as_str())]
pub struct RateLimited {
    /// Which.
    pub limit: RateLimit,
    /// Its budget.
    pub budget: Budget,
    /// How long until one draw is left.
    pub retry_after: Duration,
}
