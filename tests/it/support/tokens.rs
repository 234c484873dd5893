//! Operations of a client with a password and with tokens. They return any answer.

use reqwest::Method;
use serde_json::{Value, json};
use svc::domain::{Timestamp, UserId};
use svc::ports::Clock;
use svc::ports::store::LONGEST_PAGE;

use super::App;
use super::app::Login;
use super::client::Answer;

impl App {
    /// Tries to log in.
    pub async fn try_log_in(&self, email: &str, password: &str) -> Answer {
        self.client.post("/api/v1/auth/login", &json!({ "email": email, "password": password })).await
    }

    /// Tries to refresh.
    pub async fn refresh(&self, refresh_token: &str) -> Answer {
        self.client.post("/api/v1/auth/refresh", &json!({ "refresh_token": refresh_token })).await
    }

    /// Refreshes.
    pub async fn refreshed(&self, login: &Login) -> Login {
        Login::of(&self.refresh(&login.refresh).await.expect(200))
    }

    /// Tries to log out.
    pub async fn log_out(&self, refresh_token: &str) -> Answer {
        self.client.post("/api/v1/auth/logout", &json!({ "refresh_token": refresh_token })).await
    }

    /// Tries to read the profile of the access token's user.
    pub async fn me(&self, access_token: &str) -> Answer {
        self.client.get("/api/v1/users/me", Some(access_token)).await
    }

    /// Changes the status of a user, as an administrator does.
    pub async fn set_status(&self, admin: &Login, user: &Value, status: &str) {
        let (path, body) = (user_path(user), json!({ "status": status }));
        let answer = self.client.send(Method::PATCH, &path, Some(&admin.access), Some(&body)).await;
        assert_eq!(answer.expect(200)["status"], status);
    }

    /// Deletes a user, as an administrator does.
    pub async fn delete(&self, admin: &Login, user: &Value) {
        self.client.send(Method::DELETE, &user_path(user), Some(&admin.access), None).await.expect(204);
    }

    /// Returns how many live sessions a user has in the store, up to one page of them.
    pub async fn live_sessions(&self, user: &Value) -> usize {
        let id = UserId(user["id"].as_str().unwrap().parse().unwrap());
        let sessions = self.container.store().sessions();
        sessions.live_page(id, self.clock.now(), None, LONGEST_PAGE).await.unwrap().len()
    }

    /// Panics unless the session has ended for both its refresh token and its access token.
    pub async fn expect_ended(&self, login: &Login) {
        assert_eq!(self.refresh(&login.refresh).await.rejection(), (401, "session_revoked".to_owned()));
        assert_eq!(self.me(&login.access).await.rejection(), (401, "session_revoked".to_owned()));
    }
}

fn user_path(user: &Value) -> String {
    format!("/api/v1/users/{}", user["id"].as_str().unwrap())
}

/// Parses the time in a member of an answer.
pub fn moment(value: &Value) -> Timestamp {
    Timestamp::parse(value.as_str().unwrap()).unwrap()
}
