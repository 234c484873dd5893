use super::Place;
use crate::domain::RateLimit;

#[test]
fn budgets_have_defaults_and_each_can_be_set() {
    let defaults = Place::default().settings().limits.budgets.unwrap();
    assert_eq!(defaults.of(RateLimit::LogIn).to_string(), "30/1m");
    for limit in RateLimit::ALL {
        let key = format!("limits.budgets.{limit}");
        let set = Place::default().set(&format!("{key}=123/7s")).settings().limits.budgets.unwrap();
        assert_eq!(set.of(*limit).to_string(), "123/7s", "{key}");
        let changed = RateLimit::ALL.iter().filter(|other| set.of(**other) != defaults.of(**other)).count();
        assert_eq!(changed, 1, "{key}");
    }
    let set = Place::default().variable("SVC_LIMITS__BUDGETS__LOG_IN", "1000000/24h").settings();
    assert_eq!(set.limits.budgets.unwrap().log_in.draws(), 1_000_000);
}

#[test]
fn what_is_no_budget_is_refused() {
    for wrong in ["", "30", "0/1m", "30/1d", "30/25h", "30 per minute"] {
        let reported = Place::default().set(&format!("limits.budgets.register={wrong}")).refused();
        assert!(
            reported.contains("limits.budgets.register: invalid value") && reported.contains("such as 30/1m"),
            "{reported}"
        );
    }
    let reported = Place::default().set("limits.enabled=no").refused();
    assert!(reported.contains("limits.enabled: expected true or false"), "{reported}");
}

#[test]
fn only_development_does_without_limits() {
    let off = || Place::default().set("limits.enabled=false");
    assert_eq!(off().settings().limits.budgets, None);
    let reported = off().variable("SVC_ENVIRONMENT", "production").refused();
    assert!(
        reported.contains("limits.enabled: rate limits are disabled; production expects rate limits"),
        "{reported}"
    );
}
