//! Invitations, for administrators, and for the people who are invited.

mod accept;
mod forgotten;
mod list;
mod resend;
mod revoke;

use reqwest::Method;
use serde_json::{Value, json};
use svc::domain::MailPurpose;

use crate::support::App;
use crate::support::app::{Login, PASSWORD};
use crate::support::client::Answer;

/// Invites a new user, and returns them.
async fn invite(app: &App, admin: &Login) -> Value {
    invite_with(app, admin, json!({ "email": App::address(), "invite": true })).await
}

async fn invite_with(app: &App, admin: &Login, body: Value) -> Value {
    app.client.send(Method::POST, "/api/v1/users", Some(&admin.access), Some(&body)).await.expect(201)
}

/// Returns the token in the newest mail of an invitation.
async fn token(app: &App, user: &Value) -> String {
    app.mailed(user, MailPurpose::AcceptInvitation).await
}

/// Tries to accept an invitation with the password of every test's user.
async fn accept(app: &App, token: &str) -> Answer {
    accept_with(app, token, PASSWORD).await
}

async fn accept_with(app: &App, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "password": password });
    app.client.post("/api/v1/auth/invitation/accept", &body).await
}

async fn try_log_in(app: &App, user: &Value, password: &str) -> Answer {
    let body = json!({ "email": user["email"], "password": password });
    app.client.post("/api/v1/auth/login", &body).await
}

fn path(user: &Value, more: &str) -> String {
    format!("/api/v1/invitations/{}{more}", user["id"].as_str().unwrap())
}

async fn resend(app: &App, admin: &Login, user: &Value) -> Answer {
    app.client.send(Method::POST, &path(user, "/resend"), Some(&admin.access), None).await
}

async fn revoke(app: &App, admin: &Login, user: &Value) -> Answer {
    app.client.send(Method::DELETE, &path(user, ""), Some(&admin.access), None).await
}

/// Returns the invitations that an administrator sees.
async fn listed(app: &App, admin: &Login) -> Vec<Value> {
    let page = app.client.get("/api/v1/invitations", Some(&admin.access)).await.expect(200);
    page["items"].as_array().unwrap().clone()
}
