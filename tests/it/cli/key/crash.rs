//! A process that dies in the middle of a change of the keys: the change is made with its events, or not at
//! all.

use serde_json::json;

use super::{age, id_of, key, keys, statuses};
use crate::support::app::{Login, PASSWORD};
use crate::support::process::{Installation, finish, until};
use crate::support::{Backend, both_backends};

const EVENTS: &str = "SELECT type FROM outbox WHERE type LIKE 'svc.key.%' ORDER BY id";

/// Runs `svc key`, which dies at a place. Returns false if it does not come there.
fn dies(installation: &Installation, place: &str, arguments: &[&str]) -> bool {
    let variables = [("SVC_TEST_FAIL_POINT", place)];
    let child = installation.start_quietly(&[&["key"], arguments].concat(), &variables);
    finish(child).code.is_none()
}

both_backends! {
    async fn a_rotation_is_made_with_its_events_or_not_at_all(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        key(&installation, &["generate"]).expect(0);
        age(&installation).await;
        let (before, events) = (keys(&installation), installation.texts(EVENTS).await);
        let pending = id_of(&installation, "pending");
        let activate = ["activate", &*pending];
        // Before each statement, and before the commit: to read the keys twice, to change two of them, and to
        // append two events.
        for statement in 1..=7 {
            assert!(dies(&installation, &format!("work.statement:{statement}"), &activate), "{statement}");
            assert_eq!(keys(&installation), before, "{statement}");
            assert_eq!(installation.texts(EVENTS).await, events, "{statement}");
        }
        assert!(dies(&installation, "work.committed", &activate));
        assert_eq!(statuses(&installation), ["active", "retired"]);
        let made = ["svc.key.retired.v1", "svc.key.activated.v1"].map(str::to_owned);
        assert_eq!(installation.texts(EVENTS).await, [&*events, &made].concat());

        let mut worker = installation.start_quietly(&["consume"], &[]);
        let audited = "SELECT type FROM audit WHERE type LIKE 'svc.key.%' ORDER BY event_id";
        until(async || installation.texts(audited).await == [&*events, &made].concat()).await;
        worker.kill().unwrap();
        worker.wait().unwrap();
    }

    async fn a_compromised_key_is_refused_and_its_sessions_end_after_a_crash(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let serving = installation.serve_with(&["--no-worker"]);
        serving.ready().await;
        let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
        serving.client.post("/api/v1/auth/register", &ada).await.expect(201);
        let login = Login::of(&serving.client.post("/api/v1/auth/login", &ada).await.expect(200));
        let me = async || serving.client.get("/api/v1/users/me", Some(&login.access)).await.status;
        let before = keys(&installation);
        let leaked = id_of(&installation, "active");
        let compromised = ["retire", &*leaked, "--compromised", "--yes"];
        for statement in [3, 5, 8] {
            assert!(dies(&installation, &format!("work.statement:{statement}"), &compromised), "{statement}");
            assert_eq!(keys(&installation), before, "{statement}");
            assert_eq!(me().await, 200);
        }
        // It dies before it ends the first session.
        assert!(dies(&installation, "work.committed", &compromised));
        assert_eq!(statuses(&installation), ["active", "compromised"]);
        until(async || me().await == 401).await;
        let ended = "SELECT revoked_reason FROM sessions WHERE revoked_at IS NOT NULL";
        assert_eq!(installation.texts(ended).await, [] as [&str; 0]);

        let mut worker = installation.start_quietly(&["consume"], &[]);
        until(async || installation.texts(ended).await == ["key_compromised"]).await;
        worker.kill().unwrap();
        worker.wait().unwrap();
    }
}
