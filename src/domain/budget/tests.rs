use super::*;

fn budget(text: &str) -> Budget {
    text.parse().unwrap()
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000).unwrap().plus(Duration::from_secs(seconds))
}

fn draws(budget: Budget, drawn: &mut Drawn, now: Timestamp) -> usize {
    (0..100).take_while(|_| budget.draw(drawn, now).is_ok()).count()
}

#[test]
fn all_draws_at_once_and_then_one_each_interval() {
    let (five, mut drawn) = (budget("5/5m"), Drawn::default());
    assert_eq!(draws(five, &mut drawn, at(0)), 5);
    assert_eq!(five.draw(&mut drawn, at(0)), Err(Duration::from_mins(1)));
    assert_eq!(five.draw(&mut drawn, at(59)), Err(Duration::from_secs(1)));
    assert_eq!(draws(five, &mut drawn, at(60)), 1);
    assert_eq!(draws(five, &mut drawn, at(180)), 2);
    assert_eq!(draws(five, &mut drawn, at(10_000)), 5);
}

#[test]
fn a_draw_that_is_given_back_never_happened() {
    let (five, mut drawn) = (budget("5/5m"), Drawn::default());
    for _ in 0..1000 {
        five.draw(&mut drawn, at(0)).unwrap();
        five.give_back(&mut drawn);
    }
    assert_eq!(draws(five, &mut drawn, at(0)), 5);
}

#[test]
fn waits_double_up_to_a_quarter_of_an_hour() {
    let (five, mut drawn) = (budget("5/5m"), Drawn::default());
    for _ in 0..4 {
        five.draw(&mut drawn, at(0)).unwrap();
        five.penalize(&mut drawn, at(0));
        assert_eq!(drawn.waits, 0, "a draw is left");
    }
    let mut now = 0;
    for wait in [60, 120, 240, 480, 900, 900, 900] {
        assert_eq!(draws(five, &mut drawn, at(now)), 1);
        five.penalize(&mut drawn, at(now));
        assert_eq!(five.draw(&mut drawn, at(now)), Err(Duration::from_secs(wait)));
        five.draw(&mut drawn, at(now + wait - 1)).unwrap_err();
        now += wait;
    }
    assert_eq!(draws(five, &mut drawn, at(now + 120)), 3, "who rests earns draws back");
}

#[test]
fn failures_at_the_same_time_are_one_wait_and_an_hour_of_peace_forgives() {
    let (five, mut drawn) = (budget("5/5m"), Drawn::default());
    assert_eq!(draws(five, &mut drawn, at(0)), 5);
    for _ in 0..5 {
        five.penalize(&mut drawn, at(0));
    }
    assert_eq!(five.draw(&mut drawn, at(0)), Err(Duration::from_mins(1)));
    let later = 61 + 3600;
    assert_eq!(draws(five, &mut drawn, at(later)), 5);
    five.penalize(&mut drawn, at(later));
    assert_eq!(five.draw(&mut drawn, at(later)), Err(Duration::from_mins(1)));
}

#[test]
fn a_moment_far_ahead_is_an_exhausted_budget_and_no_more() {
    let two = budget("2/1m");
    let mut drawn = Drawn { earned_back_at: i64::MAX / 2, ..Drawn::default() };
    assert_eq!(two.draw(&mut drawn, at(0)), Err(Duration::from_secs(30)));
    two.draw_anyway(&mut drawn, at(0));
    assert_eq!(draws(two, &mut drawn, at(30)), 1);
    let mut waits = Drawn { waits_until: i64::MAX / 2, waits: 1, ..Drawn::default() };
    assert_eq!(draws(two, &mut waits, at(0)), 2);
}

#[test]
fn a_key_is_remembered_until_it_is_as_good_as_new() {
    let (five, mut drawn) = (budget("5/5m"), Drawn::default());
    assert_eq!(five.remembered_for(&drawn, at(0)), Duration::ZERO);
    five.draw(&mut drawn, at(0)).unwrap();
    assert_eq!(five.remembered_for(&drawn, at(0)), Duration::from_mins(1));
    assert_eq!(draws(five, &mut drawn, at(0)), 4);
    five.penalize(&mut drawn, at(0));
    assert_eq!(five.remembered_for(&drawn, at(0)), Duration::from_mins(61));
}

#[test]
fn a_budget_is_read_and_written_in_one_form() {
    for text in ["30/1m", "5/5m", "50/1h", "1/1s", "1000000/24h", "7/90s"] {
        assert_eq!(budget(text).to_string(), text);
    }
    assert_eq!(budget("60/60s").to_string(), "60/1m");
    for wrong in [
        "",
        "30",
        "30/",
        "/1m",
        "0/1m",
        "1000001/1m",
        "30/0s",
        "30/25h",
        "30/1d",
        "-1/1m",
        "30/1m/1",
        "30 /1m",
        "+30/1m",
        "30/+1m",
        "3e1/1m",
    ] {
        assert_eq!(wrong.parse::<Budget>(), Err(NotABudget), "{wrong}");
    }
}
