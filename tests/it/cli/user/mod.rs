//! `svc user`: one file per verb, and what they share (`shared`).

mod create;
mod delete;
mod invite;
mod list;
mod lock;
mod refused;
mod rename;
mod set_metadata;
mod set_password;
mod set_role;
mod show;
mod unlock;
mod verify_email;

use serde_json::{Value, json};

use crate::support::app::{Login, PASSWORD};
use crate::support::client::Answer;
use crate::support::process::{Installation, Serving};

/// An id that no user and no session has.
pub const UNKNOWN: &str = "01990000-0000-7000-8000-000000000000";

/// Creates a user.
pub fn create(installation: &Installation, email: &str, more: &[&str]) -> Value {
    let arguments = [&["user", "create", "--email", email, "--password-stdin"], more].concat();
    installation.run_with_input(&arguments, PASSWORD).expect(0).json()
}

/// Tries to log in.
pub async fn try_log_in(serving: &Serving, email: &str, password: &str) -> Answer {
    serving.client.post("/api/v1/auth/login", &json!({ "email": email, "password": password })).await
}

/// Logs in.
pub async fn log_in(serving: &Serving, email: &str) -> Login {
    Login::of(&try_log_in(serving, email, PASSWORD).await.expect(200))
}

/// Returns the status of a request with an access token.
pub async fn me(serving: &Serving, login: &Login) -> u16 {
    serving.client.get("/api/v1/users/me", Some(&login.access)).await.status
}

/// Returns the text of a member.
pub fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap()
}

/// The name that an event of the command line carries: that of the user who runs the tests.
pub fn operator() -> String {
    let login = std::fs::read_to_string("/proc/self/loginuid").unwrap_or_default();
    let id = match login.as_str() {
        "" | "4294967295" => rustix::process::getuid().as_raw().to_string(),
        login => login.to_owned(),
    };
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap();
    let line = accounts.lines().find(|line| line.split(':').nth(2) == Some(&id));
    line.map_or(id, |line| line.split(':').next().unwrap().to_owned())
}

/// Returns the operator events, oldest first, each as `TYPE by NAME`.
pub async fn operator_events(installation: &Installation) -> Vec<String> {
    let sql =
        "SELECT type || ' by ' || (data ->> 'operator') FROM outbox WHERE actor = 'operator' ORDER BY seq";
    installation.texts(sql).await
}
