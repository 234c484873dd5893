//! Rate limits.

use std::sync::Arc;
use std::time::Duration;

use svc::adapters::rate_limiter::RateLimits;
use svc::domain::{Budgets, Charge, RateLimit};
use svc::ports::{Clock, RateLimiter};
use svc::tasks::Tasks;

use crate::support::App;
use crate::support::redis::{self, Namespace};

/// Pseudo-random numbers that are the same in each run (Knuth's MMIX generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// The script in Redis and the code in the process count separately: here two replicas that share Redis must
/// count as one process does.
#[test]
fn redis_counts_as_the_process_does() {
    redis::run(async || {
        let budgets = ["log_in=7/1m", "log_in_failures=3/3m", "account_failures=2/1h"];
        let settings: Vec<String> = budgets.iter().map(|budget| format!("limits.budgets.{budget}")).collect();
        let settings: Vec<&str> =
            settings.iter().map(String::as_str).chain(["limits.enabled=true"]).collect();
        let app = App::start_named(Namespace::shared(), &settings, |builder| builder).await.cached().await;
        let find = |name: &str| {
            let own = budgets.iter().find_map(|budget| budget.strip_prefix(name)?.strip_prefix('='));
            Some(own.unwrap_or("5/1m").parse().unwrap())
        };
        let clock = app.clock.clone() as Arc<dyn Clock>;
        let local = RateLimits::new(&Budgets::read(find).unwrap(), clock, None, Tasks::default());
        // Two replicas in turn: if each counted for itself, they would allow more than one process does.
        let other = app.replica_with(&settings, |builder| builder).await.cached().await;
        let replicas = [&app, &other].map(|app| app.container.limiter().clone());
        let mut numbers = Numbers(7);
        let limits = [RateLimit::LogIn, RateLimit::LogInFailures, RateLimit::AccountFailures];
        let mut rejections = 0;
        for step in 0..3000 {
            let shared = &replicas[step % 2];
            let mut charge = || {
                let limit = limits[usize::try_from(numbers.below(3)).unwrap()];
                Charge::new(limit, format!("subject {}", numbers.below(2)))
            };
            let charges = [charge(), charge()];
            let charges = if charges[0] == charges[1] { &charges[..1] } else { &charges[..] };
            match numbers.below(10) {
                0..=5 => {
                    let (here, there) = (local.draw(charges).await, shared.draw(charges).await);
                    assert_eq!(here.is_err(), there.is_err(), "step {step}");
                    // If two refuse, either may be named.
                    if charges.len() == 1 {
                        assert_eq!(here, there, "step {step}");
                    }
                    rejections += u32::from(here.is_err());
                }
                // Draws of other limits are neither failures nor given back.
                6 | 7 if charges[0].limit == RateLimit::LogInFailures => {
                    local.penalize(&charges[0]).await;
                    shared.penalize(&charges[0]).await;
                }
                8 if charges[0].limit == RateLimit::LogInFailures => {
                    local.give_back(&charges[0]).await;
                    shared.give_back(&charges[0]).await;
                }
                9 if charges[0].limit == RateLimit::LogInFailures => {
                    local.forgive(&charges[0]).await;
                    shared.forgive(&charges[0]).await;
                    // The other replica uses a wait that it knows of for two seconds.
                    app.clock.advance(Duration::from_secs(3));
                }
                _ => app.clock.advance(Duration::from_millis(numbers.below(600_000))),
            }
        }
        assert!(rejections > 300, "{rejections}");
        other.stop().await;
        app.stop().await;
    });
}
