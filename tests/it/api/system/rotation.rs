//! Rotations of the signing key while clients use the service, and other services verify tokens with a cached
//! key set.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use futures_util::future::join;
use serde_json::{Value, json};
use svc::domain::{Actor, KeyId, SigningKey, Timestamp};
use svc::ports::Clock;

use super::{keys, verify};
use crate::support::app::Login;
use crate::support::process::until;
use crate::support::{App, Backend, both_backends};

const PATH: &str = "/.well-known/jwks.json";

/// Another service: it verifies tokens with the key set, and keeps that for as long as it may. It does not
/// read the key set again for an unknown key, as some libraries do.
struct CachingService<'a> {
    app: &'a App,
    cached: RefCell<Option<(Value, Timestamp)>>,
}

impl<'a> CachingService<'a> {
    fn of(app: &'a App) -> Self {
        Self { app, cached: RefCell::default() }
    }

    async fn accepts(&self, token: &str) -> bool {
        let now = self.app.clock.now();
        let cached = self.cached.borrow().clone().filter(|(_, until)| now < *until);
        let keys = if let Some((keys, _)) = cached {
            keys
        } else {
            let answer = self.app.client.get(PATH, None).await;
            let caching = answer.header("cache-control").to_owned();
            let age = caching.strip_prefix("public, max-age=").expect("the keys are current");
            let until = self.app.clock.now().plus(Duration::from_secs(age.parse().unwrap()));
            let keys: Value = answer.expect(200);
            *self.cached.borrow_mut() = Some((keys.clone(), until));
            keys
        };
        verify(token, &keys).is_some()
    }
}

/// The tokens of clients that are valid, with their keys and ends: of each key the first and the last one.
#[derive(Default)]
struct Valid(RefCell<Vec<(String, String, Timestamp)>>);

impl Valid {
    fn add(&self, app: &App, login: Login) {
        let key = jsonwebtoken::decode_header(&login.access).unwrap().kid.unwrap();
        let mut tokens = self.0.borrow_mut();
        if let [_, last, ..] = *tokens
            .iter()
            .enumerate()
            .filter(|(_, known)| known.0 == key)
            .map(|(at, _)| at)
            .collect::<Vec<_>>()
        {
            tokens.remove(last);
        }
        tokens.push((key, login.access, app.clock.now().plus(Duration::from_mins(15))));
    }

    fn tokens(&self, app: &App) -> Vec<String> {
        let now = app.clock.now();
        self.0.borrow_mut().retain(|(_, _, end)| now < *end);
        self.0.borrow().iter().map(|(_, token, _)| token.clone()).collect()
    }
}

async fn status(app: &App, token: &str) -> u16 {
    app.client.get("/api/v1/users/me", Some(token)).await.status
}

/// Waits until a token is refused after the clock was moved past the promised time. Then each replica reads
/// the keys. During that read, other requests use the previous keys.
async fn until_refused(app: &App, token: &str) {
    until(async || app.client.get("/api/v1/users/me", Some(token)).await.status == 401).await;
    let refused = app.client.get("/api/v1/users/me", Some(token)).await.rejection();
    assert_eq!(refused, (401, "invalid_token".to_owned()));
}

/// Logs in on each replica, and panics if any replica or service refuses a valid token.
async fn use_tokens(replicas: &[&App; 2], services: &[CachingService<'_>; 2], email: &str, valid: &Valid) {
    for app in replicas {
        valid.add(app, app.log_in(email).await);
    }
    for token in valid.tokens(replicas[0]) {
        for (app, service) in replicas.iter().zip(services) {
            assert_eq!(status(app, &token).await, 200);
            assert!(service.accepts(&token).await, "a service that caches the keys does not know its key");
        }
    }
}

both_backends! {
    async fn twenty_rotations_under_load_refuse_no_valid_token(backend: Backend) {
        let app = App::start(backend).await;
        let replica = app.replica().await;
        let (replicas, services) = ([&app, &replica], [CachingService::of(&app), CachingService::of(&replica)]);
        let (email, valid) = (App::address(), Valid::default());
        app.register(&email).await;
        let (_, first) = app.new_user().await;
        let use_cases = &app.container.use_cases;
        for rotation in 0..20 {
            let staged = use_cases.keys.rotate.run(false, false, Actor::Service).await.unwrap();
            let next = staged.planned.unwrap().id;
            for step in 0..3 {
                // The services do not read the key set at the same time in each rotation.
                let wait = if step == 0 { 100 + rotation } else { 130 - rotation / 2 };
                app.clock.advance(Duration::from_secs(wait));
                use_tokens(&replicas, &services, &email, &valid).await;
            }
            app.clock.advance(Duration::from_secs(20));
            // The key becomes active while requests are on their way.
            let done = Cell::new(false);
            let load = async {
                while !done.get() {
                    use_tokens(&replicas, &services, &email, &valid).await;
                }
                use_tokens(&replicas, &services, &email, &valid).await;
            };
            let activate = async {
                let rotated = use_cases.keys.keep_up.run().await.unwrap().changes;
                assert!(rotated.iter().any(|change| change.as_str() == "activated" && change.key().id == next));
                done.set(true);
            };
            join(load, activate).await;
        }
        assert_eq!(keys(&app).await["keys"].as_array().unwrap().len(), 21, "all are published");

        // A token of a removed key is refused, although it has not expired.
        let long = valid.tokens(&app).remove(0);
        let signer = KeyId(jsonwebtoken::decode_header(&long).unwrap().kid.unwrap());
        assert_eq!(status(&app, &long).await, 200);
        app.clock.advance(Duration::from_secs(30));
        let refused = use_cases.keys.remove.run(&signer, false, false, Actor::Service).await;
        assert!(refused.unwrap_err().to_string().contains("can be valid until"));
        use_cases.keys.remove.run(&signer, true, false, Actor::Service).await.unwrap();
        app.clock.advance(SigningKey::FOLLOWED);
        for app in replicas {
            until_refused(app, &long).await;
        }
        // The session lives on.
        let refresh = json!({ "refresh_token": first.refresh });
        let next = Login::of(&app.client.post("/api/v1/auth/refresh", &refresh).await.expect(200));
        assert_eq!(status(&replica, &next.access).await, 200);

        app.clock.advance(Duration::from_hours(25));
        use_cases.keys.keep_up.run().await.unwrap();
        app.clock.advance(SigningKey::FOLLOWED);
        assert_eq!(keys(&replica).await["keys"].as_array().unwrap().len(), 1, "only the active one is left");
        replica.stop().await;
        app.stop().await;
    }

    async fn a_compromised_key_is_refused_within_the_promised_time_under_load(backend: Backend) {
        let app = App::start(backend).await;
        let replica = app.replica().await;
        let email = App::address();
        app.register(&email).await;
        let old = [app.log_in(&email).await, replica.log_in(&email).await];
        for login in &old {
            assert_eq!((status(&app, &login.access).await, status(&replica, &login.access).await), (200, 200));
        }
        let kid = jsonwebtoken::decode_header(&old[0].access).unwrap().kid.unwrap();
        // So that sessions which are opened after the key was refused are not among those that end.
        app.clock.advance(Duration::from_secs(1));
        let (done, use_cases) = (Cell::new(false), &app.container.use_cases);
        let load = async {
            while !done.get() {
                app.log_in(&email).await;
                replica.log_in(&email).await;
            }
        };
        let compromise = async {
            let done_at = use_cases.keys.compromise.run(&KeyId(kid.clone()), false, Actor::Service).await.unwrap();
            let key = done_at.changes[0].key().clone();
            app.clock.advance(SigningKey::FOLLOWED);
            for app in [&app, &replica] {
                for login in &old {
                    until_refused(app, &login.access).await;
                }
                let login = app.log_in(&email).await;
                assert_eq!(status(app, &login.access).await, 200);
                assert!(!keys(app).await.to_string().contains(&kid));
            }
            let mut after = None;
            loop {
                let end = use_cases.keys.end_sessions.run(&key, after, Actor::Service).await.unwrap();
                match end.1 {
                    Some(_) => after = end.1,
                    None => break,
                }
            }
            done.set(true);
        };
        join(load, compromise).await;
        for login in &old {
            let refresh = json!({ "refresh_token": login.refresh });
            let refused = app.client.post("/api/v1/auth/refresh", &refresh).await.rejection();
            assert_eq!(refused, (401, "session_revoked".to_owned()));
        }
        let after = app.log_in(&email).await;
        assert_eq!((status(&app, &after.access).await, status(&replica, &after.access).await), (200, 200));
        replica.stop().await;
        app.stop().await;
    }

    async fn keys_that_may_be_old_are_not_to_be_cached(backend: Backend) {
        let app = App::start(backend).await;
        app.new_user().await;
        app.container.close().await;
        app.clock.advance(SigningKey::FOLLOWED);
        let answer = app.client.get(PATH, None).await;
        assert_eq!((answer.status, answer.header("cache-control")), (200, "no-cache"));
        app.stop().await;
    }
}
