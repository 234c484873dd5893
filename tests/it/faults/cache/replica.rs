use std::time::Duration;

use deadpool_redis::redis::cmd;
use serde_json::{Value, json};
use svc::domain::{User, UserId};
use svc::usecases::ShowUserError;

use super::{TIMEOUT, soon};
use crate::support::app::Login;
use crate::support::proxy::Proxy;
use crate::support::reads::Reads;
use crate::support::redis::{Namespace, Redis};
use crate::support::{App, given};

/// A replica whose connection to Redis can be broken, and whose reads of the store are counted.
pub struct Replica {
    pub app: App,
    pub reads: Reads,
    pub proxy: Proxy,
    timeout: Duration,
}

impl Replica {
    /// Starts the first replica, and waits until its cache is in use. No call counts as late, however slow
    /// the machine is.
    pub async fn first(redis: &Redis) -> Self {
        Self::first_with(redis, Duration::from_secs(10)).await
    }

    /// Starts the first replica with calls that are late after [`TIMEOUT`], so that it soon notices a silent
    /// server.
    pub async fn hasty(redis: &Redis) -> Self {
        Self::first_with(redis, TIMEOUT).await
    }

    async fn first_with(redis: &Redis, timeout: Duration) -> Self {
        let (reads, proxy) = (Reads::default(), Proxy::before(&redis.url));
        let (given, settings) = (reads.clone(), settings(&proxy, timeout));
        let app = App::start_named(
            Namespace::on(redis.clone()),
            &settings.each_ref().map(String::as_str),
            |builder| builder.around_store(move |store| given.around(store)),
        )
        .await;
        Self { app, reads, proxy, timeout }.up().await
    }

    /// Starts another replica beside it, with its own proxy.
    pub async fn another(&self) -> Self {
        let (reads, proxy) = (Reads::default(), Proxy::before(&self.namespace().redis.url));
        let (given, settings) = (reads.clone(), settings(&proxy, self.timeout));
        let app = self
            .app
            .replica_with(&settings.each_ref().map(String::as_str), |builder| {
                builder.around_store(move |store| given.around(store))
            })
            .await;
        Self { app, reads, proxy, timeout: self.timeout }.up().await
    }

    /// Returns the namespace in Redis that all replicas share.
    pub fn namespace(&self) -> &Namespace {
        self.app.namespace.as_ref().unwrap()
    }

    async fn up(self) -> Self {
        self.becomes("up").await;
        self
    }

    /// Waits until readiness reports this state of the cache.
    pub async fn becomes(&self, state: &str) {
        soon(&format!("the cache is {state}"), async || self.state().await == state).await;
    }

    async fn state(&self) -> String {
        let health = self.app.client.get("/health/ready", None).await.expect(200);
        let checks = health["checks"].as_array().unwrap();
        let state = checks.iter().find(|check| check["name"] == "cache").unwrap()["state"].as_str().unwrap();
        assert_eq!(health["status"], if state == "up" { "ok" } else { "degraded" });
        state.to_owned()
    }

    /// Finds a user in the same way as every endpoint that only shows users.
    pub async fn find(&self, id: UserId) -> Option<User> {
        match self.app.container.use_cases.users.show.run(id).await {
            Ok(user) => Some(User::clone(&user)),
            Err(ShowUserError::NotFound) => None,
            Err(error) => panic!("{error}"),
        }
    }

    /// Makes a new user that no replica has cached.
    pub async fn stranger(&self) -> UserId {
        given::stored_user(&self.app.database.store, &App::address()).await.id
    }

    /// Waits until this replica finds in Redis a value that another one put there, and does not read the
    /// store.
    pub async fn shares_with(&self, other: &Self) {
        soon("a value read by one replica is not read by the other", async || {
            let id = self.stranger().await;
            self.find(id).await.unwrap();
            let before = other.reads.count();
            other.find(id).await.unwrap();
            other.reads.count() == before
        })
        .await;
    }

    /// Waits until a value that was read once is then read from a copy.
    pub async fn keeps_copies(&self) {
        soon("a value that was read is not read again", async || {
            let id = self.stranger().await;
            self.find(id).await.unwrap();
            let before = self.reads.count();
            self.find(id).await.unwrap();
            self.reads.count() == before
        })
        .await;
    }

    /// Renames the user of this log-in.
    pub async fn rename(&self, login: &Login, name: &str) {
        let (method, body) = (reqwest::Method::PATCH, json!({ "name": name }));
        let answer = self.app.client.send(method, "/api/v1/users/me", Some(&login.access), Some(&body)).await;
        assert_eq!(answer.expect(200)["name"], name);
    }

    /// Returns the name of the user of this log-in.
    pub async fn name(&self, login: &Login) -> Value {
        self.app.me(&login.access).await.expect(200)["name"].clone()
    }

    /// Returns the content of a key in Redis.
    pub async fn held(&self, key: &str) -> Option<Vec<u8>> {
        self.namespace().redis.tell(cmd("GET").arg(key)).await
    }

    pub async fn stop(self) {
        self.app.stop().await;
    }
}

fn settings(proxy: &Proxy, timeout: Duration) -> [String; 2] {
    [format!("cache.url={}", proxy.url()), format!("cache.timeout={}ms", timeout.as_millis())]
}
