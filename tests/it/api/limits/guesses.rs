use std::time::Duration;

use futures_util::future::join_all;
use futures_util::{StreamExt as _, stream};
use reqwest::Method;
use serde_json::{Value, json};
use svc::domain::MailPurpose;

use super::{At, count, limited, limited_with};
use crate::support::app::{Login, PASSWORD};
use crate::support::hashers::{Closed, Counting};
use crate::support::process::until;
use crate::support::{App, Backend, both_backends};

const WRONG: &str = "wrong horse battery";

/// Returns an answer without the parts in which any two differ.
fn shape(answer: &crate::support::client::Answer) -> Value {
    let mut body = answer.json();
    body.as_object_mut().unwrap().remove("request_id");
    json!([
        answer.status,
        body,
        answer.header("retry-after"),
        answer.header("ratelimit"),
        answer.header("ratelimit-policy")
    ])
}

both_backends! {
    async fn of_a_thousand_failures_from_one_64_exactly_the_budget_passes(backend: Backend) {
        let hasher = Counting::new();
        let own = hasher.clone();
        let settings = [super::LIMITED, &["limits.budgets.log_in=1000/1m"]].concat();
        let app = App::start_with(backend, &settings, |builder| builder.hasher(own)).await.cached().await;
        app.register("ada@example.com").await;
        hasher.take();
        let addresses: Vec<String> = (0..64).map(|host| format!("2001:db8:1:2::{host:x}")).collect();
        let guesses = (0..1000).map(|number| At(&app, &addresses[number % 64]).log_in("ada@example.com", WRONG));
        let answers: Vec<_> = stream::iter(guesses).buffer_unordered(100).collect().await;
        assert_eq!((count(&answers, 401), count(&answers, 429)), (5, 995));
        assert_eq!(hasher.take(), 5, "a refused guess costs no hash");
        // The neighbour has another prefix.
        At(&app, "2001:db8:1:3::1").log_in("ada@example.com", PASSWORD).await.expect(200);
        app.stop().await;
    }

    async fn guesses_at_many_accounts_from_one_prefix_pass_up_to_its_budget(backend: Backend) {
        let app = limited(backend).await;
        let emails: Vec<String> = (0..100).map(|number| format!("user{number}@example.com")).collect();
        let guesses = emails.iter().map(|email| At(&app, "203.0.113.9").log_in(email, WRONG));
        let answers = join_all(guesses).await;
        assert_eq!((count(&answers, 401), count(&answers, 429)), (30, 70));
        app.clock.advance(Duration::from_secs(2));
        At(&app, "203.0.113.9").log_in("late@example.com", WRONG).await.expect(401);
        At(&app, "203.0.113.9").log_in("late@example.com", WRONG).await.expect(429);
        app.stop().await;
    }

    async fn the_owner_logs_in_while_others_guess_and_without_consequences(backend: Backend) {
        let app = limited(backend).await;
        app.register("ada@example.com").await;
        let attackers: Vec<String> = (0..50).map(|host| format!("198.51.100.{host}")).collect();
        for round in 0..4 {
            let guesses = attackers.iter().map(|address| At(&app, address).log_in("ada@example.com", WRONG));
            let owner = At(&app, "203.0.113.9");
            let (answers, first_try) =
                futures_util::join!(join_all(guesses), owner.log_in("ada@example.com", PASSWORD));
            assert_eq!(count(&answers, 401), 50, "round {round}");
            first_try.expect(200);
        }
        app.stop().await;
    }

    async fn a_wait_doubles_and_ends_and_a_right_password_forgives(backend: Backend) {
        let app = limited(backend).await;
        app.register("ada@example.com").await;
        let client = At(&app, "203.0.113.9");
        let guess = async || client.log_in("ada@example.com", WRONG).await;
        for _ in 0..5 {
            guess().await.expect(401);
        }
        for wait in [60, 120, 240, 480, 900] {
            let refused = guess().await;
            assert_eq!(refused.rejection(), (429, "rate_limited".to_owned()));
            assert_eq!(refused.header("retry-after"), wait.to_string());
            assert_eq!(refused.header("ratelimit"), format!(r#""log_in_failures";r=0;t={wait}"#));
            assert_eq!(refused.header("ratelimit-policy"), r#""log_in_failures";q=5;w=300"#);
            app.clock.advance(Duration::from_secs(wait));
            if wait < 900 {
                guess().await.expect(401);
            }
        }
        client.log_in("ada@example.com", PASSWORD).await.expect(200);
        for _ in 0..5 {
            guess().await.expect(401);
        }
        assert_eq!(guess().await.header("retry-after"), "60");
        app.stop().await;
    }

    async fn abandoned_log_ins_are_failures_and_the_wait_is_reported(backend: Backend) {
        let hasher = Closed::new(2, 100);
        let own = hasher.clone();
        let app = App::start_with(backend, super::LIMITED, |builder| builder.hasher(own)).await.cached().await;
        app.register("ada@example.com").await;
        let client = At(&app, "203.0.113.9");
        let leave = async {
            let log_ins = (0..5).map(|_| client.log_in("ada@example.com", PASSWORD));
            tokio::select! {
                _ = join_all(log_ins) => unreachable!("the hasher is closed"),
                () = hasher.arrived(5) => {}
            }
        };
        leave.await;
        let log_in = async || client.log_in("ada@example.com", PASSWORD).await;
        // The network reports to the service that they are gone.
        until(async || log_in().await.header("retry-after") == "60").await;
        hasher.open();
        app.clock.advance(Duration::from_secs(59));
        assert_eq!(log_in().await.header("retry-after"), "1");
        app.clock.advance(Duration::from_secs(1));
        log_in().await.expect(200);
        app.stop().await;
    }

    async fn a_reset_of_the_password_ends_the_wait(backend: Backend) {
        let app = limited(backend).await;
        let user = app.register("ada@example.com").await;
        let client = At(&app, "203.0.113.9");
        for _ in 0..5 {
            client.log_in("ada@example.com", WRONG).await.expect(401);
        }
        let refused = client.log_in("ada@example.com", PASSWORD).await;
        assert_eq!(refused.json()["detail"], "Too many attempts. Try again in 1 minute.");
        let post = async |path: &str, body: Value| {
            client.send(Method::POST, &format!("/api/v1/auth/password/{path}"), None, Some(&body)).await
        };
        post("forgot", json!({ "email": "ada@example.com" })).await.expect(202);
        let token = app.mailed(&user, MailPurpose::ResetPassword).await;
        let new = "another horse battery";
        post("reset", json!({ "token": token, "new_password": new })).await.expect(204);
        client.log_in("ada@example.com", new).await.expect(200);
        app.stop().await;
    }

    async fn a_success_at_one_account_forgives_no_failure_at_another(backend: Backend) {
        let app = limited(backend).await;
        let client = At(&app, "203.0.113.9");
        for email in ["ada@example.com", "eva@example.com"] {
            app.register(email).await;
        }
        for _ in 0..5 {
            client.log_in("ada@example.com", WRONG).await.expect(401);
            client.log_in("eva@example.com", PASSWORD).await.expect(200);
        }
        client.log_in("ada@example.com", PASSWORD).await.expect(429);
        app.stop().await;
    }

    async fn a_missing_account_gets_the_same_rejection_at_the_same_time(backend: Backend) {
        let app = limited(backend).await;
        app.register("ada@example.com").await;
        let guess = async |address: &str, email: &str| {
            let client = At(&app, address);
            let mut shapes = Vec::new();
            for _ in 0..7 {
                shapes.push(shape(&client.log_in(email, WRONG).await));
            }
            shapes
        };
        let known = guess("203.0.113.9", "ada@example.com").await;
        assert_eq!(known, guess("203.0.113.10", "unknown@example.com").await);
        assert_eq!((&known[4][0], &known[5][0]), (&json!(401), &json!(429)));
        app.stop().await;
    }

    async fn all_operations_that_verify_a_password_share_one_count(backend: Backend) {
        let app = limited(backend).await;
        app.register("ada@example.com").await;
        let client = At(&app, "203.0.113.9");
        let login = Login::of(&client.log_in("ada@example.com", PASSWORD).await.expect(200));
        let token = Some(login.access.as_str());
        let me = async |method, path: &str, body: Value| {
            client.send(method, &format!("/api/v1/users/me{path}"), token, Some(&body)).await
        };
        let change = json!({ "current_password": WRONG, "new_password": "another horse battery" });
        let address = json!({ "new_email": "eva@example.com", "password": WRONG });
        let delete = json!({ "password": WRONG });
        me(Method::POST, "/password", change.clone()).await.expect(422);
        me(Method::POST, "/email", address.clone()).await.expect(422);
        me(Method::DELETE, "", delete.clone()).await.expect(422);
        client.log_in("Ada@Example.com", WRONG).await.expect(401);
        me(Method::POST, "/password", change.clone()).await.expect(422);
        me(Method::POST, "/password", change).await.expect(429);
        me(Method::POST, "/email", address).await.expect(429);
        me(Method::DELETE, "", delete).await.expect(429);
        client.log_in("ada@example.com", PASSWORD).await.expect(429);
        app.stop().await;
    }

    async fn right_passwords_at_the_same_time_are_no_failures(backend: Backend) {
        let app = limited(backend).await;
        app.register("ada@example.com").await;
        for _ in 0..20 {
            At(&app, "203.0.113.9").log_in("ada@example.com", PASSWORD).await.expect(200);
        }
        let client = At(&app, "203.0.113.10");
        let answers = join_all((0..20).map(|_| client.log_in("ada@example.com", PASSWORD))).await;
        assert_eq!(count(&answers, 200) + count(&answers, 429), 20);
        assert!(count(&answers, 200) >= 5);
        let undecided = answers.iter().filter(|answer| answer.status == 429);
        undecided.for_each(|answer| assert_eq!(answer.header("retry-after"), "1"));
        client.log_in("ada@example.com", PASSWORD).await.expect(200);
        app.stop().await;
    }

    async fn an_attacked_account_is_warned_once_per_day_and_never_locked(backend: Backend) {
        let app = limited_with(backend, &["limits.budgets.account_failures=3/1h"]).await;
        app.container.start_worker(true);
        let user = app.register("ada@example.com").await;
        let guess = async |host: usize| {
            let address = format!("198.51.100.{host}");
            At(&app, &address).log_in("ada@example.com", WRONG).await.expect(401)
        };
        let warnings = async || {
            let types = app.events_of(&user).await;
            types.iter().filter(|name| *name == "svc.user.guessing_detected.v1").count()
        };
        for host in 0..3 {
            guess(host).await;
        }
        app.answer_mail_requests().await;
        assert_eq!(warnings().await, 0);
        for host in 3..20 {
            guess(host).await;
        }
        until(async || warnings().await == 1).await;
        let warned = || {
            let mails = app.mailbox.to("ada@example.com");
            mails.iter().filter(|mail| mail.message_id.contains(".guessing_detected@")).count()
        };
        until(async || warned() == 1).await;
        At(&app, "203.0.113.9").log_in("ada@example.com", PASSWORD).await.expect(200);
        app.clock.advance(Duration::from_hours(24));
        for host in 0..4 {
            guess(host).await;
        }
        until(async || warnings().await == 2).await;
        app.stop().await;
    }
}
