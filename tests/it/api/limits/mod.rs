//! Rate limits: how much passes, for which clients, and the effect on others.
//!
//! **Here**: guesses of passwords (`guesses`), every operation that opens a session or checks a secret
//! (`doors`), the other budgets (`budgets`), the queue of passwords, which has its own limits (`queue`), and
//! the counts that replicas share (`replicas`).

mod budgets;
mod doors;
mod guesses;
mod queue;
mod replicas;

use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use serde_json::{Value, json};

use crate::support::client::Answer;
use crate::support::{App, Backend};

/// Settings of a service that has rate limits, and whose clients set their own address.
const LIMITED: &[&str] = &["limits.enabled=true", "server.trusted_proxies=127.0.0.1"];

/// Starts a service with the default budgets.
async fn limited(backend: Backend) -> App {
    limited_with(backend, &[]).await
}

/// Starts a service with some budgets of the test.
async fn limited_with(backend: Backend, settings: &[&str]) -> App {
    App::start_with(backend, &[LIMITED, settings].concat(), |builder| builder).await.cached().await
}

/// A client at an address.
#[derive(Clone, Copy)]
struct At<'a>(&'a App, &'a str);

impl At<'_> {
    /// Sends a request, with a token or without.
    async fn send(self, method: Method, path: &str, token: Option<&str>, body: Option<&Value>) -> Answer {
        let mut request = self.0.client.request(method, path).header("X-Forwarded-For", self.1);
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        self.0.client.answer(request).await
    }

    /// Tries to log in.
    async fn log_in(self, email: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "password": password });
        self.send(Method::POST, "/api/v1/auth/login", None, Some(&body)).await
    }

    /// Registers with the password of all tests.
    async fn register(self, email: &str) -> Answer {
        let body = json!({ "email": email, "password": crate::support::app::PASSWORD });
        self.send(Method::POST, "/api/v1/auth/register", None, Some(&body)).await
    }
}

/// Counts the answers with this status.
fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}
