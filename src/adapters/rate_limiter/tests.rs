use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::local::{Local, MOST_SUBJECTS, UNDECIDED};
use super::*;
use crate::domain::RateLimit;

struct Stopped(AtomicI64);

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::Relaxed)).unwrap()
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }
}

fn budgets() -> Budgets {
    Budgets::read(|name| Some(if name == "log_in" { "30/1m" } else { "5/5m" }.parse().unwrap())).unwrap()
}

fn limits() -> RateLimits {
    RateLimits::new(
        &budgets(),
        Arc::new(Stopped(AtomicI64::new(1_700_000_000_000_000))),
        None,
        Tasks::default(),
    )
}

#[tokio::test]
async fn of_several_budgets_all_are_drawn_on_or_none() {
    let limits = limits();
    let (one, other) = (Charge::new(RateLimit::LogIn, "one"), Charge::new(RateLimit::LogInFailures, "other"));
    for _ in 0..5 {
        limits.draw(&[one.clone(), other.clone()]).await.unwrap();
    }
    for _ in 0..50 {
        let refused = limits.draw(&[one.clone(), other.clone()]).await.unwrap_err();
        assert_eq!(refused.limit, RateLimit::LogInFailures);
    }
    for _ in 0..25 {
        limits.draw(std::slice::from_ref(&one)).await.unwrap();
    }
    assert_eq!(limits.draw(&[one]).await.unwrap_err().limit, RateLimit::LogIn);
}

#[tokio::test]
async fn a_caller_that_only_waits_for_an_outcome_may_retry_soon() {
    let limits = limits();
    let charge = Charge::new(RateLimit::LogInFailures, "subject");
    for _ in 0..5 {
        limits.draw(std::slice::from_ref(&charge)).await.unwrap();
    }
    let undecided = limits.draw(std::slice::from_ref(&charge)).await.unwrap_err();
    assert_eq!(undecided.retry_after, UNDECIDED);
    limits.penalize(&charge).await;
    let failed = limits.draw(std::slice::from_ref(&charge)).await.unwrap_err();
    assert_eq!(failed.retry_after, Duration::from_mins(1));
    limits.forgive(&charge).await;
    limits.draw(&[charge]).await.unwrap();
}

#[tokio::test]
async fn a_draw_that_is_abandoned_is_a_failure() {
    let limits = limits();
    let charge = Charge::new(RateLimit::LogInFailures, "subject");
    for _ in 0..5 {
        limits.draw(std::slice::from_ref(&charge)).await.unwrap();
        limits.abandon(&charge);
    }
    let failed = limits.draw(std::slice::from_ref(&charge)).await.unwrap_err();
    assert_eq!(failed.retry_after, Duration::from_mins(1));
}

#[test]
fn any_number_of_subjects_needs_bounded_memory_and_the_longest_waits_are_kept() {
    let local = Local::new(Arc::new(budgets()));
    let now = Timestamp::from_micros(1_700_000_000_000_000).unwrap();
    let waits = Charge::new(RateLimit::LogInFailures, "waits");
    for _ in 0..5 {
        local.draw(std::slice::from_ref(&waits), now).unwrap();
    }
    local.penalize(&waits, now);
    for number in 0..MOST_SUBJECTS * 2 {
        local.draw(&[Charge::new(RateLimit::LogIn, number.to_string())], now).unwrap();
    }
    assert!(local.len() <= MOST_SUBJECTS);
    local.draw(&[waits], now).unwrap_err();
}
