use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::random;
use crate::support::app::PASSWORD;
use crate::support::client::Client;

const CLIENTS: usize = 4;
/// An address is registered within this time, however many answers are lost.
const REGISTERED: Duration = Duration::from_mins(5);

/// The answers that clients received.
#[derive(Default)]
pub struct Ledger {
    /// The number of the next address.
    next: AtomicUsize,
    pub acknowledged: Mutex<Vec<String>>,
    /// Registered, as a second attempt showed, although the answer to the first was lost.
    pub found: Mutex<Vec<String>>,
    pub refused: AtomicUsize,
    pub lost_answers: AtomicUsize,
    /// Answers with 503, after which the client retries.
    pub unavailable: AtomicUsize,
}

impl Ledger {
    /// Returns all addresses that are known to be registered.
    pub fn known(&self) -> BTreeSet<String> {
        let (acknowledged, found) = (self.acknowledged.lock().unwrap(), self.found.lock().unwrap());
        acknowledged.iter().chain(found.iter()).cloned().collect()
    }
}

/// Lets several clients register address after address until there are enough.
pub async fn register(clients: &[Client], ledger: &Arc<Ledger>, enough: usize) {
    let mut tasks = JoinSet::new();
    for _ in 0..CLIENTS {
        let (clients, ledger) = (clients.to_vec(), ledger.clone());
        tasks.spawn(async move {
            loop {
                let number = ledger.next.fetch_add(1, Ordering::SeqCst);
                if number >= enough {
                    return;
                }
                let registered = timeout(REGISTERED, ledger.register(&clients, number)).await;
                assert!(registered.is_ok(), "user{number} cannot be registered");
            }
        });
    }
    tasks.join_all().await;
}

impl Ledger {
    /// Requests an address until it is known to be registered; every fifth one once more.
    async fn register(&self, clients: &[Client], number: usize) {
        let email = format!("user{number}@example.com");
        let body = json!({ "email": email, "password": PASSWORD });
        let mut is_there = false;
        loop {
            let client = &clients[random(clients.len())];
            let request = client.request(Method::POST, "/api/v1/auth/register").json(&body);
            let request = request.timeout(Duration::from_secs(30));
            match client.answer_if_any(request).await.map(|answer| answer.status) {
                Ok(201) if !is_there => {
                    self.acknowledged.lock().unwrap().push(email.clone());
                    is_there = true;
                }
                Ok(409) if is_there => {
                    self.refused.fetch_add(1, Ordering::SeqCst);
                    return;
                }
                Ok(409) => return self.found.lock().unwrap().push(email),
                Ok(503) => {
                    self.unavailable.fetch_add(1, Ordering::SeqCst);
                    sleep(Duration::from_millis(50)).await;
                }
                Ok(status) => panic!("{email}: {status}, though it is there: {is_there}"),
                Err(_) => {
                    self.lost_answers.fetch_add(1, Ordering::SeqCst);
                    sleep(Duration::from_millis(20)).await;
                }
            }
            if is_there && !number.is_multiple_of(5) {
                return;
            }
        }
    }
}
