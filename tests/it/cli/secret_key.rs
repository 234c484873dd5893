//! The promises of docs/secret-key.md, tested on the binary: a planned rotation of the secret key that no
//! client notices, and the response to a leak, after which nothing that was made with the old key is valid.

use serde_json::json;

use crate::support::app::Login;
use crate::support::client::Answer;
use crate::support::mailbox::mails_with;
use crate::support::process::{Installation, Serving, until};
use crate::support::{Backend, both_backends};

const PASSWORD: &str = "correct horse battery";
const OLD: &str = "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e";
const NEW: &str = "Wq3vNc8RzT5yLm1KxB7dGh4PfJs9Ua2E";

/// An installation whose replicas get their keys one by one.
struct Service(Installation);

/// The tokens of clients that were made with some key.
struct Held {
    login: Login,
    link: String,
}

impl Service {
    async fn on(backend: Backend, algorithm: &str) -> Self {
        let installation = Installation::migrated(backend).await;
        // The same for every replica, although each has its own port.
        let installation = installation.set("SVC_SERVER__PUBLIC_URL", "http://127.0.0.1:1");
        Self(installation.set("SVC_SECURITY__TOKEN__ALGORITHM", algorithm))
    }

    async fn replica(&self, present: &str, other: &str) -> Serving {
        let keys = [("SVC_SECURITY__SECRET_KEY", present), ("SVC_SECURITY__PREVIOUS_SECRET_KEY", other)];
        let serving = self.0.serve_where(&["--with-worker"], &keys).unwrap();
        serving.ready().await;
        serving
    }

    /// Returns the signing keys as stored in the database.
    async fn sealed(&self, backend: Backend) -> Vec<String> {
        let text = match backend {
            Backend::Sqlite => "hex(sealed_private)",
            Backend::Postgres => "encode(sealed_private, 'hex')",
        };
        self.0.texts(&format!("SELECT {text} FROM signing_keys")).await
    }

    /// Logs a user in, and requests a password reset for another one, both at this replica.
    async fn clients_of(&self, replica: &Serving, name: &str) -> Held {
        let [ada, bob] = ["ada", "bob"].map(|user| format!("{user}.{name}@example.com"));
        for email in [&ada, &bob] {
            let body = json!({ "email": email, "password": PASSWORD });
            replica.client.post("/api/v1/auth/register", &body).await.expect(201);
        }
        let login = log_in(replica, &ada).await;
        let forgot = json!({ "email": bob });
        replica.client.post("/api/v1/auth/password/forgot", &forgot).await.expect(202);
        let link = || {
            let mails = mails_with(&self.0.path("data/mail"), &bob).into_iter();
            let mail =
                mails.filter(|mail| mail.to == bob).find(|mail| mail.text.contains("/reset-password"))?;
            let from = mail.text.find("svcm_")?;
            Some(mail.text[from..].chars().take(48).collect::<String>())
        };
        until(async || link().is_some()).await;
        Held { login, link: link().unwrap() }
    }
}

async fn stop(replica: Serving) {
    replica.terminate();
    replica.ended().expect(0);
}

async fn log_in(replica: &Serving, email: &str) -> Login {
    let body = json!({ "email": email, "password": PASSWORD });
    Login::of(&replica.client.post("/api/v1/auth/login", &body).await.expect(200))
}

async fn me(replica: &Serving, login: &Login) -> Answer {
    replica.client.get("/api/v1/users/me", Some(&login.access)).await
}

async fn refresh(replica: &Serving, login: &Login) -> Answer {
    replica.client.post("/api/v1/auth/refresh", &json!({ "refresh_token": login.refresh })).await
}

async fn reset(replica: &Serving, held: &Held) -> Answer {
    let body = json!({ "token": held.link, "new_password": "another horse battery" });
    replica.client.post("/api/v1/auth/password/reset", &body).await
}

/// Panics unless this replica accepts all tokens of the clients. Replaces their refresh token.
async fn accepts(replica: &Serving, held: &mut Held) {
    me(replica, &held.login).await.expect(200);
    held.login = Login::of(&refresh(replica, &held.login).await.expect(200));
    me(replica, &held.login).await.expect(200);
    reset(replica, held).await.expect(204);
}

async fn planned_change(backend: Backend, algorithm: &str) {
    let service = Service::on(backend, algorithm).await;
    let before = service.replica(OLD, "").await;
    let (mut first, mut second) =
        (service.clients_of(&before, "1").await, service.clients_of(&before, "2").await);
    let idle = service.clients_of(&before, "3").await;

    // 1: each replica learns of the new key while others do not know it yet.
    let knowing = service.replica(OLD, NEW).await;
    accepts(&knowing, &mut first).await;
    let mut of_knowing = service.clients_of(&knowing, "4").await;
    accepts(&before, &mut of_knowing).await;
    stop(before).await;

    // 2: each replica starts to use the new key while others still use the old one.
    let sealed_before = service.sealed(backend).await;
    let changed = service.replica(NEW, OLD).await;
    let sealed = service.sealed(backend).await;
    assert_eq!(sealed.len(), usize::from(algorithm != "HS256"));
    assert!(sealed.iter().all(|key| !sealed_before.contains(key)), "encrypted again before it serves");
    accepts(&changed, &mut second).await;
    let mut of_changed = service.clients_of(&changed, "5").await;
    accepts(&knowing, &mut of_changed).await;
    let mut late = service.clients_of(&knowing, "6").await;
    stop(knowing).await;
    accepts(&changed, &mut late).await;
    let mut of_changed = service.clients_of(&changed, "7").await;
    stop(changed).await;
    // A replica of step 1 may have encrypted the signing key with the old key in the meantime.
    stop(service.replica(NEW, OLD).await).await;

    // 3: the old key is removed.
    let after = service.replica(NEW, "").await;
    accepts(&after, &mut of_changed).await;
    for login in [&second.login, &late.login] {
        refresh(&after, login).await.expect(200);
    }
    // A client that has not refreshed since step 2 began logs in again.
    for login in [&first.login, &idle.login] {
        refresh(&after, login).await.expect(401);
    }
    reset(&after, &idle).await.expect(422);
    stop(after).await;
}

both_backends! {
    async fn a_planned_change_ends_no_session(backend: Backend) {
        planned_change(backend, "ES256").await;
    }

    async fn a_planned_change_with_hs256_ends_no_session(backend: Backend) {
        planned_change(backend, "HS256").await;
    }

    async fn after_a_leak_nothing_of_the_old_key_is_valid(backend: Backend) {
        let service = Service::on(backend, "ES256").await;
        let leaked = service.replica(OLD, "").await;
        let held = service.clients_of(&leaked, "1").await;
        stop(leaked).await;

        let refused = service.0.serve_where(&[], &[("SVC_SECURITY__SECRET_KEY", NEW)]);
        assert!(refused.is_none(), "the signing keys are still those of the old key");
        service.0.execute(&statement_of_the_runbook()).await;
        let after = service.replica(NEW, "").await;
        for answer in [me(&after, &held.login).await, refresh(&after, &held.login).await] {
            assert_eq!(answer.rejection(), (401, "invalid_token".to_owned()));
        }
        reset(&after, &held).await.expect(422);
        let login = log_in(&after, "ada.1@example.com").await;
        me(&after, &login).await.expect(200);
        log_in(&after, "bob.1@example.com").await;
        stop(after).await;
    }
}

fn statement_of_the_runbook() -> String {
    let page = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/secret-key.md"));
    let (_, block) = page.split_once("```sql\n").unwrap();
    block.split_once("```").unwrap().0.trim().to_owned()
}
