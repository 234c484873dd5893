//! Sessions of browser applications, whose tokens are in cookies.
//!
//! **Here**: what the cookies look like (`attributes`), their life from the log-in to the log-out (`life`),
//! how they end (`ends`), where a session is optional (`mails`), and requests that pages of other sites cause
//! (`forgery`).

mod attributes;
mod ends;
mod forgery;
mod life;
mod mails;

use std::collections::BTreeMap;

use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::App;
use crate::support::app::{Login, PASSWORD};
use crate::support::client::Answer;

/// The origin of the service in tests.
const OWN: &str = "http://svc.test";
const ACCESS: &str = "__Host-svc_access";
const REFRESH: &str = "__Host-svc_refresh";

/// A page in a browser, with the cookies of the service.
#[derive(Clone)]
struct Page<'a> {
    app: &'a App,
    jar: BTreeMap<String, String>,
}

impl<'a> Page<'a> {
    /// Opens a page without cookies.
    fn open(app: &'a App) -> Self {
        Self { app, jar: BTreeMap::new() }
    }

    /// Registers a new user, and opens a page that has logged in.
    async fn logged_in(app: &'a App) -> (Value, Self) {
        let user = app.register(&App::address()).await;
        let mut page = Self::open(app);
        page.log_in(&user).await.expect(204);
        (user, page)
    }

    /// Logs a user in.
    async fn log_in(&mut self, user: &Value) -> Answer {
        let body = json!({ "email": user["email"], "password": PASSWORD, "transport": "cookie" });
        self.send(Method::POST, "/api/v1/auth/login", Some(&body)).await
    }

    /// Returns a request with the cookies, as if any page had caused it.
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.app.client.request(method, path);
        if self.jar.is_empty() {
            return request;
        }
        let pairs: Vec<_> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.header(COOKIE, pairs.join("; "))
    }

    /// Sends a request of the page, and stores the cookies of the answer.
    async fn send(&mut self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let request = self.request(method, path).header(ORIGIN, OWN);
        let request = body.iter().fold(request, RequestBuilder::json);
        let answer = self.app.client.answer(request).await;
        for cookie in cookies(&answer) {
            let (pair, attributes) = cookie.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0;") {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    async fn post(&mut self, path: &str) -> Answer {
        self.send(Method::POST, path, None).await
    }

    /// Reads the own profile.
    async fn me(&mut self) -> Answer {
        self.get("/api/v1/users/me").await
    }

    async fn refresh(&mut self) -> Answer {
        self.post("/api/v1/auth/refresh").await
    }

    /// Returns the tokens, which the scripts of a page cannot read.
    fn login(&self) -> Login {
        Login { access: self.jar[ACCESS].clone(), refresh: self.jar[REFRESH].clone() }
    }
}

/// Panics unless the answer is 204 and removes both cookies.
#[track_caller]
fn expect_removal(answer: &Answer) {
    let removed = |name| format!("{name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure");
    assert_eq!((answer.status, cookies(answer)), (204, vec![&*removed(ACCESS), &*removed(REFRESH)]));
}

/// Returns the values of `Set-Cookie`.
fn cookies(answer: &Answer) -> Vec<&str> {
    answer.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect()
}
