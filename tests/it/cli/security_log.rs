//! The log lines about authentication and authorization decisions.

use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use serde_json::{Value, json};

use crate::support::app::Login;
use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

const PASSWORD: &str = "correct horse battery";

/// Returns the members that identify a decision.
fn shape(line: &Value) -> String {
    let known = |name: &'static str| if line[name].is_string() { name } else { "-" };
    format!(
        "{} {} {} {} {} {}",
        line["operation"].as_str().unwrap(),
        line["outcome"].as_str().unwrap(),
        line["reason"].as_str().unwrap_or("-"),
        known("user_id"),
        known("email_mac"),
        known("session_id"),
    )
}

both_backends! {
    async fn each_decision_is_a_log_line_with_its_user_or_address(backend: Backend) {
        let installation = Installation::migrated(backend)
            .await
            .set("SVC_LIMITS__ENABLED", "true")
            .set("SVC_LIMITS__BUDGETS__LOG_IN", "3/1h")
            .set("SVC_LOG__FORMAT", "json");
        let serving = installation.serve();
        serving.ready().await;
        let client = &serving.client;
        let credentials = |email: &str, password: &str| json!({ "email": email, "password": password });
        let ada = credentials("ada@example.com", PASSWORD);
        client.post("/api/v1/auth/register", &ada).await.expect(201);
        let login = Login::of(&client.post("/api/v1/auth/login", &ada).await.expect(200));
        client.post("/api/v1/auth/login", &credentials("ada@example.com", "wrong horse battery")).await.expect(401);
        client.post("/api/v1/auth/login", &credentials("hunter2@example.com", "wrong horse battery")).await.expect(401);
        client.post("/api/v1/auth/login", &ada).await.expect(429);
        let request = client.request(Method::GET, "/api/v1/users").header(AUTHORIZATION, format!("Bearer {}", login.access));
        client.answer(request).await.expect(403);
        client.get("/api/v1/users/me", Some("eyJhbGciOiJub25lIn0.e30.")).await.expect(401);
        client.get("/api/v1/users/me", Some(&login.access)).await.expect(200);
        serving.terminate();
        let ran = serving.ended().expect(0);

        let lines: Vec<Value> = ran.stderr.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let decisions: Vec<&Value> = lines.iter().filter(|line| line["target"] == "svc::security").collect();
        let shapes: Vec<String> = decisions.iter().map(|line| shape(line)).collect();
        assert_eq!(shapes, [
            "register allowed - user_id - -",
            "log_in allowed - user_id - session_id",
            "log_in refused wrong_password user_id - -",
            "log_in refused wrong_password - email_mac -",
            "log_in refused rate_limited - email_mac -",
            "authenticate refused forbidden user_id - session_id",
            "authenticate refused invalid_token - - -",
        ]);
        assert!(decisions.iter().all(|line| line["client"] == "127.0.0.1"), "{}", ran.stderr);
        assert!(decisions.iter().all(|line| line["request_id"].is_string()), "{}", ran.stderr);
        ["hunter2", "ada@example.com", PASSWORD].into_iter().fold(ran, crate::support::process::Ran::hides);
    }
}
