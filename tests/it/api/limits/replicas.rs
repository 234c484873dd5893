use std::time::Duration;

use deadpool_redis::redis::cmd;
use futures_util::future::join_all;

use super::{At, LIMITED, count};
use crate::support::App;
use crate::support::app::PASSWORD;
use crate::support::client::Answer;
use crate::support::proxy::Proxy;
use crate::support::redis::{self, Namespace, Redis};

const CLIENT: &str = "203.0.113.9";

/// Makes `number` guesses, alternating between both replicas, each for another account.
async fn guess(one: &App, two: &App, from: usize, number: usize) -> Vec<Answer> {
    let emails: Vec<String> =
        (from..from + number).map(|number| format!("user{number}@example.com")).collect();
    let guesses = emails.iter().enumerate().map(|(index, email)| {
        let app = if index % 2 == 0 { one } else { two };
        At(app, CLIENT).log_in(email, "wrong horse battery")
    });
    join_all(guesses).await
}

#[test]
fn two_replicas_allow_one_budget() {
    redis::run(async || {
        let one = App::start_named(Namespace::shared(), LIMITED, |builder| builder).await.cached().await;
        let two = one.replica_with(LIMITED, |builder| builder).await.cached().await;
        let answers = guess(&one, &two, 0, 200).await;
        assert_eq!((count(&answers, 401), count(&answers, 429)), (30, 170));
        let keys = one.namespace.as_ref().unwrap().keys().await;
        assert!(keys.iter().any(|key| key.contains(":limit:log_in:")), "{keys:?}");
        assert!(!keys.iter().any(|key| key.contains("203.0.113.9") || key.contains("user1")), "{keys:?}");
        two.stop().await;
        one.stop().await;
    });
}

#[test]
fn two_replicas_that_lose_redis_allow_at_most_twice_the_budget() {
    redis::run(async || {
        let proxy = Proxy::before(&Redis::shared().url);
        let way = format!("cache.url={}", proxy.url());
        let settings = [LIMITED, &[way.as_str()]].concat();
        let one = App::start_named(Namespace::shared(), &settings, |builder| builder).await.cached().await;
        let two = one.replica_with(&settings, |builder| builder).await.cached().await;
        let before = guess(&one, &two, 0, 20).await;
        assert_eq!(count(&before, 401), 20);
        proxy.down();
        let after = guess(&one, &two, 100, 400).await;
        let passed = count(&before, 401) + count(&after, 401);
        assert!((30..=60).contains(&passed), "{passed}");
        // Each continues with its own count.
        assert_eq!(count(&guess(&one, &two, 1000, 20).await, 429), 20);
        // A Redis that returns without its data allows no more.
        one.namespace.as_ref().unwrap().clear().await;
        proxy.up();
        let (one, two) = (one.cached().await, two.cached().await);
        assert_eq!(count(&guess(&one, &two, 2000, 20).await, 429), 20);
        two.stop().await;
        one.stop().await;
    });
}

#[test]
fn a_right_password_at_one_replica_forgives_at_the_other() {
    redis::run(async || {
        let one = App::start_named(Namespace::shared(), LIMITED, |builder| builder).await.cached().await;
        let two = one.replica_with(LIMITED, |builder| builder).await.cached().await;
        one.register("ada@example.com").await;
        for _ in 0..4 {
            At(&one, CLIENT).log_in("ada@example.com", "wrong horse battery").await.expect(401);
        }
        At(&two, CLIENT).log_in("ada@example.com", PASSWORD).await.expect(200);
        At(&one, CLIENT).log_in("ada@example.com", "wrong horse battery").await.expect(401);
        At(&one, CLIENT).log_in("ada@example.com", PASSWORD).await.expect(200);
        two.stop().await;
        one.stop().await;
    });
}

#[test]
fn a_time_stored_by_a_wrong_clock_exhausts_the_budget_and_ages() {
    redis::run(async || {
        let app = App::start_named(Namespace::shared(), LIMITED, |builder| builder).await.cached().await;
        At(&app, CLIENT).log_in("ada@example.com", "wrong horse battery").await.expect(401);
        let namespace = app.namespace.as_ref().unwrap();
        let keys = namespace.keys().await;
        let key = keys.iter().find(|key| key.contains(":limit:log_in:")).unwrap();
        let far = "9007199254740991:0:0";
        namespace.redis.tell::<()>(cmd("SET").arg(key).arg(far)).await;
        let refused = At(&app, CLIENT).log_in("ada@example.com", "wrong horse battery").await;
        assert_eq!((refused.status, refused.header("retry-after")), (429, "2"));
        app.clock.advance(Duration::from_secs(2));
        At(&app, CLIENT).log_in("ada@example.com", "wrong horse battery").await.expect(401);
        app.stop().await;
    });
}
