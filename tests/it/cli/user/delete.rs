use serde_json::json;

use super::{create, log_in, me, operator_events, text};
use crate::support::process::{Installation, until};
use crate::support::{Backend, both_backends};

both_backends! {
    async fn a_deleted_user_is_gone_for_the_running_service(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let serving = installation.serve();
        serving.ready().await;
        let ada = create(&installation, "ada@example.com", &[]);
        let login = log_in(&serving, "ada@example.com").await;
        let delete = |more: &[&str]| installation.run(&[&["user", "delete", "ada@example.com"], more].concat());
        delete(&[]).refused(2, &["this would delete the user ada@example.com and revoke 1 session", "--yes"]);
        let planned = delete(&["--dry-run"]).expect(0).json();
        assert_eq!((&planned["id"], &planned["dry_run"]), (&ada["id"], &json!(true)));
        assert_eq!(me(&serving, &login).await, 200);

        let deleted = delete(&["--yes"]).expect(0).json();
        assert_eq!((&deleted["id"], &deleted["sessions_revoked"]), (&ada["id"], &json!(1)));
        until(async || me(&serving, &login).await == 401).await;
        delete(&["--yes"]).refused(67, &["no user has the email address ada@example.com"]);
        installation.run(&["user", "delete", text(&ada, "id"), "--yes"]).refused(67, &["no user has the ID"]);
        let events = operator_events(&installation).await;
        assert!(events.last().unwrap().starts_with("svc.user.deleted.v1 by "), "{events:?}");

        create(&installation, "root@example.com", &["--role", "admin"]);
        let last = installation.run(&["user", "delete", "root@example.com", "--yes"]);
        last.refused(1, &["root@example.com is the last active administrator"]);
        serving.terminate();
        serving.ended().expect(0);
    }
}
