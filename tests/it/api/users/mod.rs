//! Every account, for administrators.

mod access;
mod create;
mod delete;
mod last_admin;
mod list;
mod list_sessions;
mod lock;
mod metadata;
mod precondition;
mod revoke_sessions;
mod show;
mod update;

use reqwest::Method;
use serde_json::Value;

use crate::support::App;
use crate::support::app::Login;
use crate::support::client::Answer;

fn path(user: &Value) -> String {
    format!("/api/v1/users/{}", user["id"].as_str().unwrap())
}

/// Changes a user as an administrator.
async fn update(app: &App, admin: &Login, user: &Value, body: Value) -> Answer {
    app.client.send(Method::PATCH, &path(user), Some(&admin.access), Some(&body)).await
}

/// Deletes a user as an administrator.
async fn delete(app: &App, admin: &Login, user: &Value) -> Answer {
    app.client.send(Method::DELETE, &path(user), Some(&admin.access), None).await
}

/// Returns the administrator's own account.
async fn account(app: &App, login: &Login) -> Value {
    app.client.get("/api/v1/users/me", Some(&login.access)).await.expect(200)
}
