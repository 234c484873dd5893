//! Bans: who is refused, with which answer, and until when.
//!
//! **Here**: banned addresses (`addresses`), banned accounts (`accounts`), and how a change reaches other
//! replicas and survives failures (`replicas`).

mod accounts;
mod addresses;
mod replicas;

use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use serde_json::Value;
use svc::domain::{BanRef, BanTargetRef};
use svc::usecases::{NewBan, NewBanEnd};

use crate::support::client::Answer;
use crate::support::process::until;
use crate::support::{App, Backend, given};

/// Clients set their own address.
const PROXIED: &[&str] = &["server.trusted_proxies=127.0.0.1"];

async fn start(backend: Backend) -> App {
    App::start_with(backend, PROXIED, |builder| builder).await.cached().await
}

fn network(text: &str) -> BanTargetRef {
    BanTargetRef::Network(text.parse().unwrap())
}

/// Bans a target as the command line does, until this many seconds after the first moment of a test; 0 means
/// without an end.
async fn ban(app: &App, target: &BanTargetRef, seconds: i64) {
    let end = if seconds > 0 { NewBanEnd::At(given::second(seconds)) } else { NewBanEnd::Never };
    let new = NewBan { target: target.clone(), reason: None, end, allow_wide: true };
    app.command().use_cases.bans.add.run(&new, given::operator()).await.unwrap();
}

async fn unban(app: &App, target: &BanTargetRef) {
    let ban = BanRef::Target(target.clone());
    app.command().use_cases.bans.remove.run(&ban, given::operator()).await.unwrap();
}

/// Requests a page of the API from an address.
async fn ask(app: &App, address: &str, path: &str, token: Option<&str>) -> Answer {
    send(app, Method::GET, address, path, token, None).await
}

async fn send(
    app: &App,
    method: Method,
    address: &str,
    path: &str,
    token: Option<&str>,
    body: Option<&Value>,
) -> Answer {
    let mut request = app.client.request(method, path).header("X-Forwarded-For", address);
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    if let Some(body) = body {
        request = request.json(body);
    }
    app.client.answer(request).await
}

/// Returns whether requests from an address are refused.
async fn is_banned(app: &App, address: &str) -> bool {
    ask(app, address, "/.well-known/jwks.json", None).await.status == 403
}

/// Waits until requests from an address are refused, or served again.
async fn becomes_banned(app: &App, address: &str, banned: bool) {
    until(async || is_banned(app, address).await == banned).await;
}
