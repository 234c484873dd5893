use serde_json::{Value, json};

use crate::cli::user::{UNKNOWN, create, log_in};
use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

both_backends! {
    async fn a_session_is_shown_in_any_state(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let serving = installation.serve();
        serving.ready().await;
        let ada = create(&installation, "ada@example.com", &[]);
        let login = log_in(&serving, "ada@example.com").await;
        let id = login.session_id();
        let show = || installation.run(&["session", "show", &id]).expect(0).json();
        let shown = show();
        assert_eq!((&shown["user_id"], &shown["state"]), (&ada["id"], &json!("live")));
        assert_eq!((&shown["refreshes"], &shown["revoked_at"]), (&json!(0), &Value::Null));
        let refresh = json!({ "refresh_token": login.refresh });
        serving.client.post("/api/v1/auth/refresh", &refresh).await.expect(200);
        assert_eq!(show()["refreshes"], json!(1));
        installation.run(&["session", "revoke", &id, "--yes"]).expect(0);
        assert_eq!((&show()["state"], &show()["revoked_reason"]), (&json!("revoked"), &json!("ended_by_admin")));

        installation.run(&["session", "show", UNKNOWN]).refused(67, &["no session has the ID", UNKNOWN]);
        installation.run(&["session", "show", "x"]).refused(65, &["expected the ID of a session"]);
        serving.terminate();
        serving.ended().expect(0);
    }
}
