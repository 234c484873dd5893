//! `svc invitation`.

use serde_json::json;

use crate::cli::user::{UNKNOWN, create, operator, operator_events, text};
use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

const ADA: &str = "ada@example.com";

both_backends! {
    async fn invitations_are_listed_and_sent_again(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let ada = installation.run(&["user", "invite", ADA]).expect(0).json();
        installation.run(&["user", "invite", "eva@example.com"]).expect(0);
        let list = || installation.run(&["invitation", "list"]).expect(0).json();
        let all = list();
        let emails: Vec<_> = all.as_array().unwrap().iter().map(|item| text(item, "email").to_owned()).collect();
        assert_eq!(emails, [ADA, "eva@example.com"]);
        assert_eq!(all[0]["id"], ada["id"]);
        for user in [ADA, text(&ada, "id")] {
            let before = list()[0].clone();
            let sent = installation.run(&["invitation", "resend", user]).expect(0).json();
            assert_eq!(sent, list()[0]);
            assert!(sent["sent_at"].as_str() > before["sent_at"].as_str());
            assert!(sent["expires_at"].as_str() > before["expires_at"].as_str());
        }
        let event = format!("svc.user.invited.v1 by {}", operator());
        let events = operator_events(&installation).await;
        assert_eq!(events.iter().filter(|line| **line == event).count(), 4);
    }

    async fn an_invitation_is_revoked_after_a_question(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let ada = installation.run(&["user", "invite", ADA]).expect(0).json();
        let revoke = |more: &[&str]| installation.run(&[&["invitation", "revoke", ADA], more].concat());
        revoke(&[]).refused(2, &["revoke the invitation of ada@example.com and delete the account", "--yes"]);
        assert_eq!(revoke(&["--dry-run"]).expect(0).json()["dry_run"], true);
        assert_eq!(installation.run(&["invitation", "list"]).expect(0).json()[0]["id"], ada["id"]);
        let revoked = revoke(&["--yes"]).expect(0).json();
        assert_eq!((&revoked["id"], &revoked["dry_run"]), (&ada["id"], &json!(false)));
        assert_eq!(installation.run(&["invitation", "list"]).expect(0).json(), json!([]));
        installation.run(&["user", "show", ADA]).refused(67, &["no user has the email address"]);
        let last = operator_events(&installation).await.pop().unwrap();
        assert_eq!(last, format!("svc.user.deleted.v1 by {}", operator()));
        revoke(&["--yes"]).refused(67, &["no invitation of ada@example.com"]);
    }

    async fn a_user_with_a_password_has_no_invitation(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        create(&installation, ADA, &[]);
        for user in [ADA, UNKNOWN] {
            let refused = format!("no invitation of {user}");
            installation.run(&["invitation", "resend", user]).refused(67, &[&refused]);
            installation.run(&["invitation", "revoke", user, "--yes"]).refused(67, &[&refused]);
        }
        installation.run(&["user", "show", ADA]).expect(0);
    }
}
