//! `kill -9` during work, at random times and at named places: everything that was acknowledged is handled
//! exactly once in the end.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tokio::task::JoinSet;

use super::until;
use crate::support::app::PASSWORD;
use crate::support::client::Client;
use crate::support::process::{Installation, Serving};
use crate::support::{Backend, both_backends, environment, rabbit};

/// The places where processes die on request. With the empty one a process is killed from outside, at
/// random.
const PLACES: [&str; 5] = ["relay.claimed", "relay.recorded", "handler.done", "handler.committed", ""];
/// The places with a broker.
const PLACES_WITH_BROKER: [&str; 7] = [
    "relay.claimed",
    "relay.published",
    "relay.recorded",
    "consumer.delivered",
    "handler.done",
    "handler.committed",
    "",
];
const CLIENTS: usize = 3;
/// Registrations that are acknowledged before everything is killed.
const ENOUGH: usize = 25;

/// The answers that clients received.
#[derive(Clone, Default)]
struct Ledger {
    acknowledged: Arc<Mutex<Vec<String>>>,
    refused: Arc<Mutex<usize>>,
}

/// Processes on one database, killed when they are dropped.
struct Fleet {
    serving: Vec<Serving>,
    consuming: Vec<Child>,
}

impl Fleet {
    fn start(installation: &Installation, serves: usize, consumes: usize, place: &str) -> Self {
        let nth = format!("{place}:{}", random(7));
        let variables: &[(&str, &str)] =
            if place.is_empty() { &[] } else { &[("SVC_TEST_FAIL_POINT", nth.as_str())] };
        let worker = if consumes == 0 { "--with-worker" } else { "--no-worker" };
        let serving = (0..serves).filter_map(|_| installation.serve_where(&[worker], variables)).collect();
        let consuming = (0..consumes).map(|_| installation.start_quietly(&["consume"], variables)).collect();
        Self { serving, consuming }
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        for child in &mut self.consuming {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn random(below: usize) -> usize {
    let random = RandomState::new().hash_one(below);
    usize::try_from(random % below as u64).unwrap() + 1
}

/// Registers until enough are acknowledged or all processes are dead. Requests every third address twice.
async fn register(clients: Vec<Client>, ledger: &Ledger, round: usize) {
    let mut tasks = JoinSet::new();
    for task in 0..CLIENTS {
        let (client, ledger) = (clients[task % clients.len()].clone(), ledger.clone());
        tasks.spawn(async move {
            for number in 0..ENOUGH / CLIENTS + random(8) {
                let email = format!("u{round}x{task}x{number}@example.com");
                let body = json!({ "email": email, "password": PASSWORD });
                for _ in 0..=usize::from(number % 3 == 0) {
                    let request = client.request(Method::POST, "/api/v1/auth/register").json(&body);
                    match client.answer_if_any(request).await {
                        Ok(answer) if answer.status == 201 => {
                            ledger.acknowledged.lock().unwrap().push(email.clone());
                        }
                        Ok(answer) if answer.status == 409 => *ledger.refused.lock().unwrap() += 1,
                        Ok(answer) => panic!("{answer:?}"),
                        Err(_) => return,
                    }
                }
            }
        });
    }
    tasks.join_all().await;
}

async fn count(installation: &Installation, what: &str) -> usize {
    installation.texts(&format!("SELECT CAST(count(*) AS text) FROM {what}")).await[0].parse().unwrap()
}

async fn survive(backend: Backend, serves: usize, consumes: usize) {
    let installation = Installation::migrated(backend).await;
    survive_there(installation, &PLACES, serves, consumes).await;
}

async fn survive_there(installation: Installation, places: &[&str], serves: usize, consumes: usize) {
    let rounds = environment::variable("SVC_TEST_WORKER_ROUNDS").map(|rounds| rounds.parse().unwrap());
    let is_long = rounds.is_some();
    let installation = installation.set("SVC_SERVER__PUBLIC_URL", "http://svc.test");
    let ledger = Ledger::default();
    for round in 0..rounds.unwrap_or(places.len()) {
        let fleet = Fleet::start(&installation, serves, consumes, places[round % places.len()]);
        let clients: Vec<_> = fleet.serving.iter().map(|serving| serving.client.clone()).collect();
        // They may have died while handling the work of dead processes.
        if !clients.is_empty() {
            register(clients, &ledger, round).await;
        }
        drop(fleet);
    }
    let fleet = Fleet::start(&installation, serves, consumes, "");
    until(async || {
        if !is_long {
            // Time passes for the leases of dead processes. A live process may lose its lease too: then
            // another one does the same work, and only one result counts.
            installation.expire_leases(9).await;
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        count(&installation, "outbox WHERE relayed_at IS NULL").await == 0
            && count(&installation, "inbox WHERE state <> 'done'").await == 0
            // No event is in transit.
            && count(&installation, "(SELECT DISTINCT event_id FROM inbox) AS there").await
                == count(&installation, "outbox").await
    })
    .await;
    drop(fleet);

    let users: BTreeSet<String> = installation.texts("SELECT email FROM users").await.into_iter().collect();
    let acknowledged = ledger.acknowledged.lock().unwrap().clone();
    assert!(acknowledged.len() > 10, "{} acknowledged", acknowledged.len());
    assert!(acknowledged.iter().all(|email| users.contains(email)), "an acknowledged account is lost");
    // Every account has its event, there is no other event, and each is in the audit trail once.
    for table in ["outbox", "inbox WHERE handler = 'audit'", "inbox WHERE handler = 'mail'", "audit"] {
        assert_eq!(count(&installation, table).await, users.len(), "{table}");
    }
    let joined = "users JOIN audit ON audit.subject = users.id WHERE audit.type = 'svc.user.registered.v1'";
    assert_eq!(count(&installation, joined).await, users.len());
    println!(
        "{places:?}, {serves} serve, {consumes} consume: {} registered, {} acknowledged, {} refused; lost 0, twice 0",
        users.len(),
        acknowledged.len(),
        ledger.refused.lock().unwrap()
    );
}

both_backends! {
    async fn nothing_acknowledged_is_lost_and_nothing_is_handled_twice(backend: Backend) {
        survive(backend, 1, 0).await;
    }

    async fn two_servers_and_two_consumers_lose_nothing_either(backend: Backend) {
        survive(backend, 2, 2).await;
    }
}

#[test]
fn with_a_broker_nothing_is_lost_either() {
    rabbit::run(async |broker| {
        let installation = broker.carries_for(Installation::migrated(Backend::Postgres).await);
        survive_there(installation, &PLACES_WITH_BROKER, 2, 2).await;
    });
}
