//! `kill -9` during work, again and again: all acknowledged changes are there afterwards.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::support::app::{Login, PASSWORD};
use crate::support::client::Client;
use crate::support::process::{Installation, Serving, within};
use crate::support::{Backend, both_backends, environment};

/// How many clients write at once.
const CLIENTS: usize = 4;
/// The crash comes after this many answers at the latest.
const MOST_ANSWERS: u64 = 60;

both_backends! {
    async fn no_acknowledged_write_is_lost(backend: Backend) {
        let rounds = environment::variable("SVC_TEST_CRASH_ROUNDS").map(|rounds| rounds.parse().unwrap());
        let rounds = rounds.unwrap_or(match backend {
            Backend::Sqlite => 8,
            Backend::Postgres => 3,
        });
        let installation = Installation::migrated(backend).await.set("SVC_SERVER__PUBLIC_URL", "http://svc.test");
        let (mut accounts, mut names) = (Vec::new(), BTreeMap::new());
        let mut answers = 0;
        for round in 0..=rounds {
            let serving = installation.serve();
            serving.ready().await;
            for account in std::mem::take(&mut accounts) {
                answers += Account::check(&account, &serving.client, &mut names).await;
            }
            if round < rounds {
                accounts = crash(serving, round).await;
            }
        }
        let stored = installation.texts("SELECT email || ' ' || coalesce(name, '') FROM users").await;
        for (email, name) in &names {
            assert!(stored.contains(&format!("{email} {name}")), "{email} was lost later");
        }
        check_events(&installation).await;
        println!("{backend:?}: {rounds} crashes, {} accounts, {answers} acknowledged writes, none lost", names.len());
    }
}

/// Lets clients work until some number of answers has arrived, then kills the service while they continue.
async fn crash(serving: Serving, round: usize) -> Vec<Account> {
    let answers = Arc::new(Semaphore::new(0));
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (http, answers) = (serving.client.clone(), answers.clone());
        clients.spawn(async move {
            let mut accounts = Vec::new();
            loop {
                let email = format!("user{round}x{client}x{}@example.com", accounts.len());
                let mut account = Account { email, ..Account::default() };
                let lived = account.live(&http, &answers).await;
                accounts.push(account);
                if lived.is_none() {
                    return accounts;
                }
            }
        });
    }
    let random = RandomState::new().hash_one(round) % MOST_ANSWERS + 1;
    within(answers.acquire_many(random.try_into().unwrap())).await.unwrap().forget();
    serving.kill();
    within(clients.join_all()).await.concat()
}

/// An account, as far as its owner knows.
#[derive(Clone, Default)]
struct Account {
    email: String,
    registered: bool,
    login: Option<Login>,
    /// The last name that was acknowledged, and the last one that was requested.
    name: (String, String),
    /// How many writes were acknowledged.
    writes: usize,
}

impl Account {
    /// Registers, logs in, changes the name and refreshes; `None` if the service ended in the meantime.
    async fn live(&mut self, client: &Client, answers: &Semaphore) -> Option<()> {
        let ask = async |method, path: &str, token: Option<&str>, body: Value, status| {
            let request = client.request(method, path).json(&body);
            let request = token.iter().fold(request, reqwest::RequestBuilder::bearer_auth);
            let answer = client.answer_if_any(request).await.ok()?.expect(status);
            answers.add_permits(1);
            Some(answer)
        };
        let body = json!({ "email": self.email, "password": PASSWORD });
        ask(Method::POST, "/api/v1/auth/register", None, body.clone(), 201).await?;
        (self.registered, self.writes) = (true, 1);
        let mut login = Login::of(&ask(Method::POST, "/api/v1/auth/login", None, body, 200).await?);
        for change in 0..3 {
            (self.login, self.writes) = (Some(login.clone()), self.writes + 1);
            self.name.1 = format!("name {change}");
            let body = json!({ "name": self.name.1 });
            ask(Method::PATCH, "/api/v1/users/me", Some(&login.access), body, 200).await?;
            (self.name.0, self.writes) = (self.name.1.clone(), self.writes + 1);
            let body = json!({ "refresh_token": login.refresh });
            login = Login::of(&ask(Method::POST, "/api/v1/auth/refresh", None, body, 200).await?);
        }
        (self.login, self.writes) = (Some(login), self.writes + 1);
        Some(())
    }

    /// Checks after the crash that all acknowledged changes are there; a request in progress may have been
    /// executed or not. Records the name, and returns how many acknowledged writes were found.
    async fn check(&self, client: &Client, names: &mut BTreeMap<String, String>) -> usize {
        if !self.registered {
            return 0;
        }
        let body = json!({ "email": self.email, "password": PASSWORD });
        let login = Login::of(&client.post("/api/v1/auth/login", &body).await.expect(200));
        let me = client.get("/api/v1/users/me", Some(&login.access)).await.expect(200);
        let name = me["name"].as_str().unwrap_or_default();
        assert!(name == self.name.0 || name == self.name.1, "{} has the name {name}", self.email);
        names.insert(self.email.clone(), name.to_owned());
        if let Some(login) = &self.login {
            // Even if it was replaced and the answer was lost: this is what the grace period is for.
            let body = json!({ "refresh_token": login.refresh });
            client.post("/api/v1/auth/refresh", &body).await.expect(200);
            client.get("/api/v1/users/me", Some(&login.access)).await.expect(200);
        }
        self.writes
    }
}

/// Checks that every change has its event, and every event its change.
async fn check_events(installation: &Installation) {
    for (changes, event) in [
        ("SELECT CAST(count(*) AS text) FROM users", "svc.user.registered.v1"),
        ("SELECT CAST(sum(version - 1) AS text) FROM users", "svc.user.updated.v1"),
        ("SELECT CAST(count(*) AS text) FROM sessions", "svc.session.started.v1"),
    ] {
        let events = format!("SELECT CAST(count(*) AS text) FROM outbox WHERE type = '{event}'");
        assert_eq!(installation.texts(changes).await, installation.texts(&events).await, "{event}");
    }
}
