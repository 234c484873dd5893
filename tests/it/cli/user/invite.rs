use serde_json::{Value, json};

use super::{create, operator, operator_events, text};
use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

both_backends! {
    async fn a_user_is_created_without_a_password(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let arguments = ["user", "invite", "ada@example.com", "--name", "Ada", "--role", "admin"];
        let user = installation.run(&arguments).expect(0).json();
        let expected = json!(["ada@example.com", false, "Ada", "admin", "active"]);
        let members = ["email", "email_verified", "name", "role", "status"];
        assert_eq!(members.map(|member| user[member].clone()).to_vec(), *expected.as_array().unwrap());
        let shown = installation.run(&["user", "show", text(&user, "id")]).expect(0).json();
        assert_eq!(shown["has_password"], false);
        assert_eq!(shown["invitation"], installation.run(&["invitation", "list"]).expect(0).json()[0]);
        let events = ["registered", "invited"].map(|what| format!("svc.user.{what}.v1 by {}", operator()));
        assert_eq!(operator_events(&installation).await, events);

        installation.run(&["user", "invite", "ada@example.com"]).refused(73, &["another account"]);
        installation.run(&["user", "invite", "ada"]).refused(65, &["the email address: "]);
        installation.run(&["user", "invite", "eva@example.com", "--role", "root"]).refused(2, &["--role", "user, admin"]);
        let eva = create(&installation, "eva@example.com", &[]);
        let shown = installation.run(&["user", "show", text(&eva, "id")]).expect(0).json();
        assert_eq!(shown["invitation"], Value::Null);
    }

    async fn an_invited_administrator_is_not_the_last_one(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let run = |arguments: &[&str]| installation.run(arguments).expect(0);
        run(&["user", "invite", "ada@example.com", "--role", "admin"]);
        run(&["user", "lock", "ada@example.com", "--dry-run"]);
        run(&["user", "lock", "ada@example.com", "--yes"]);
        run(&["user", "unlock", "ada@example.com"]);
        run(&["user", "set-role", "ada@example.com", "user"]);
        run(&["user", "set-role", "ada@example.com", "admin"]);
        run(&["user", "delete", "ada@example.com", "--dry-run"]);
        run(&["user", "delete", "ada@example.com", "--yes"]);

        create(&installation, "root@example.com", &["--role", "admin"]);
        run(&["user", "invite", "eva@example.com", "--role", "admin"]);
        let last = ["last active administrator"];
        installation.run(&["user", "lock", "root@example.com", "--dry-run"]).refused(1, &last);
        installation.run(&["user", "lock", "root@example.com", "--yes"]).refused(1, &last);
    }

    async fn a_password_that_an_operator_sets_ends_the_invitation(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        installation.run(&["user", "invite", "ada@example.com"]).expect(0);
        let set = ["user", "set-password", "ada@example.com", "--generate-password", "--yes"];
        installation.run(&set).expect(0);
        assert_eq!(installation.run(&["invitation", "list"]).expect(0).json(), json!([]));
    }
}
