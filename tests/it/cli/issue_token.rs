use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::Login;
use crate::support::client::claims;
use crate::support::process::{Installation, Serving};
use crate::support::{Backend, both_backends};

const PASSWORD: &str = "correct horse battery";

/// Sets up an installation with one user, an administrator. Tokens contain the public URL, so server and
/// command line must agree on it.
async fn with_ada(backend: Backend) -> (Installation, Value) {
    let installation = Installation::migrated(backend).await.set("SVC_SERVER__PUBLIC_URL", "http://svc.test");
    let arguments = ["create-user", "--email", "ada@example.com", "--role", "admin", "--password-stdin"];
    let ada = installation.run_with_input(&arguments, PASSWORD).expect(0).json();
    (installation, ada)
}

async fn may_read(serving: &Serving, token: &Value) -> u16 {
    serving.client.get("/api/v1/users/me", token.as_str()).await.status
}

both_backends! {
    async fn a_token_works_at_once_and_is_ended_like_any_other(backend: Backend) {
        let (installation, ada) = with_ada(backend).await;
        let serving = installation.serve();
        let issued = installation.run(&["issue-token", "--user", "ADA@example.com"]).expect(0).json();
        assert_eq!((&issued["expires_in"], &issued["token_type"]), (&json!(900), &json!("Bearer")));
        assert_eq!(issued["user_id"], ada["id"]);
        assert!(issued.get("refresh_token").is_none(), "{issued}");
        assert_eq!(may_read(&serving, &issued["access_token"]).await, 200);

        let body = json!({ "email": "ada@example.com", "password": PASSWORD });
        let login = Login::of(&serving.client.post("/api/v1/auth/login", &body).await.expect(200));
        let sessions = serving.client.get("/api/v1/auth/sessions", Some(&login.access)).await.expect(200);
        let listed = |session: &&Value| session["id"] == issued["session_id"];
        let session = sessions["items"].as_array().unwrap().iter().find(listed).unwrap();
        assert_eq!((&session["label"], &session["current"]), (&json!("cli"), &json!(false)));

        let path = format!("/api/v1/auth/sessions/{}", issued["session_id"].as_str().unwrap());
        serving.client.send(Method::DELETE, &path, Some(&login.access), None).await.expect(204);
        assert_eq!(may_read(&serving, &issued["access_token"]).await, 401);
    }

    async fn its_lifetime_and_a_refresh_token_can_be_requested(backend: Backend) {
        let (installation, ada) = with_ada(backend).await;
        let serving = installation.serve();
        let arguments = ["issue-token", "--user", ada["id"].as_str().unwrap(), "--ttl", "90s", "--refresh"];
        let issued = installation.run(&arguments).expect(0).json();
        assert_eq!(issued["expires_in"], 90);
        let claims = claims(issued["access_token"].as_str().unwrap());
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 90);
        let body = json!({ "refresh_token": issued["refresh_token"] });
        let pair = serving.client.post("/api/v1/auth/refresh", &body).await.expect(200);
        assert_eq!(may_read(&serving, &pair["access_token"]).await, 200);
    }

    async fn a_token_may_be_for_another_service(backend: Backend) {
        let (installation, _) = with_ada(backend).await;
        let installation = installation.set("SVC_SECURITY__TOKEN__AUDIENCE", "http://svc.test, https://shop.example.com");
        let issue = |audience: &str| installation.run(&["issue-token", "--user", "ada@example.com", "--audience", audience]);
        let issued = issue("https://shop.example.com").expect(0).json();
        let token = issued["access_token"].as_str().unwrap();
        assert_eq!(claims(token)["aud"], "https://shop.example.com");
        issue("https://other.example.com").refused(2, &["--audience: it is not one of the audiences of this service"]);
        issue("").refused(2, &["--audience: the audience must have at least one character"]);

        let shown = installation.run(&["session", "show", issued["session_id"].as_str().unwrap()]).expect(0).json();
        assert_eq!(shown["audience"], "https://shop.example.com");
        let explained = installation.run_with_input(&["session", "explain"], token).expect(0).json();
        let reason = &explained["reasons"][0];
        assert_eq!((explained["accepted"].as_bool(), &reason["code"]), (Some(false), &json!("wrong_audience")));
        let text = reason["text"].as_str().unwrap();
        assert!(text.contains("for \"https://shop.example.com\"; this service accepts only tokens for \"http://svc.test\""), "{text}");
        let inspected = installation.run_with_input(&["token", "inspect"], token).expect(0).json();
        assert_eq!(inspected["claims"]["aud"], "https://shop.example.com");
        let failed: Vec<&Value> = inspected["checks"].as_array().unwrap().iter().filter(|check| check["outcome"] == "failed").collect();
        assert_eq!((failed.len(), &failed[0]["part"]), (1, &json!("audience")));
        let explained = installation.run_with_input(&["session", "explain"], issued["session_id"].as_str().unwrap());
        assert_eq!(explained.expect(0).json()["accepted"], true, "the session itself is live");
        let removed = [("SVC_SECURITY__TOKEN__AUDIENCE", "http://svc.test")];
        let explained = installation.run_with(&["session", "explain"], issued["session_id"].as_str().unwrap(), &removed);
        let explained = explained.expect(0).json();
        assert_eq!((&explained["accepted"], &explained["reasons"][0]["code"]), (&json!(false), &json!("audience_not_served")));
        let text = explained["reasons"][0]["text"].as_str().unwrap();
        assert!(text.contains("the session is for \"https://shop.example.com\""), "{text}");
    }

    async fn a_claim_that_is_too_long_is_left_out_with_a_line_in_the_log(backend: Backend) {
        let (installation, ada) = with_ada(backend).await;
        let installation = installation.set("SVC_SECURITY__TOKEN__CLAIMS", "metadata.theme,tenant=app_metadata.tenant");
        for (arguments, member) in [(&["--app"][..], "tenant"), (&[], "theme")] {
            let set = [&["user", "set-metadata", "ada@example.com", "-"], arguments].concat();
            installation.run_with_input(&set, &json!({ member: "x".repeat(300) }).to_string()).expect(0);
        }
        let issued = installation.run(&["issue-token", "--user", "ada@example.com"]);
        let lines: Vec<Value> = issued.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let left_out = |level: &str, claim: &str| {
            let is_it = |line: &&Value| line["level"] == level && line["claim"] == claim;
            let line = lines.iter().find(is_it).unwrap_or_else(|| panic!("no {level} of {claim}: {lines:?}"));
            assert_eq!(line["message"], "claim left out of an access token");
            assert_eq!((&line["user_id"], &line["bytes"], &line["most"]), (&ada["id"], &json!(302), &json!(256)));
        };
        // Users cannot cause warnings.
        left_out("WARN", "tenant");
        left_out("INFO", "metadata.theme");
        let issued = issued.expect(0).json();
        let claims = claims(issued["access_token"].as_str().unwrap());
        assert!(claims.get("tenant").is_none() && claims.get("metadata.theme").is_none(), "{claims}");
    }

    async fn no_token_is_issued_without_permission(backend: Backend) {
        let (installation, ada) = with_ada(backend).await;
        let serving = installation.serve();
        let admin = installation.run(&["issue-token", "--user", "ada@example.com"]).expect(0).json();
        let eve = ["create-user", "--email", "eve@example.com", "--generate-password"];
        let eve = installation.run(&eve).expect(0).json();
        let path = format!("/api/v1/users/{}", eve["id"].as_str().unwrap());
        let lock = json!({ "status": "locked" });
        serving.client.send(Method::PATCH, &path, admin["access_token"].as_str(), Some(&lock)).await.expect(200);

        let ada = ada["id"].as_str().unwrap();
        for (user, ttl, code, expected) in [
            ("eve@example.com", "1m", 1, "the account is locked"),
            ("unknown@example.com", "1m", 67, "there is no such user"),
            ("01890000-0000-7000-8000-000000000000", "1m", 67, "there is no such user"),
            ("unknown", "1m", 65, "invalid value \"unknown\" for --user: expected an ID or an email address"),
            (ada, "0s", 2, "--ttl: the lifetime of a token must be from one second to one day"),
            (ada, "25h", 2, "--ttl: the lifetime of a token must be from one second to one day"),
            (ada, "soon", 2, "invalid value 'soon' for '--ttl"),
        ] {
            installation.run(&["issue-token", "--user", user, "--ttl", ttl]).refused(code, &[expected]);
        }
        let sessions = installation.texts("SELECT label FROM sessions").await;
        assert_eq!(sessions, ["cli"], "only the administrator's");
    }
}
