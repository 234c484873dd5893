//! The worker makes the changes whose time has come.

use super::{age, id_of, key, statuses};
use crate::support::process::{Installation, until};
use crate::support::{Backend, both_backends};

both_backends! {
    async fn the_worker_activates_and_removes_keys(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        key(&installation, &["rotate", "--force", "--yes"]).expect(0);
        let leaked = id_of(&installation, "active");
        key(&installation, &["retire", &leaked, "--compromised", "--yes"]).expect(0);
        key(&installation, &["rotate"]).expect(0);
        assert_eq!(statuses(&installation), ["active", "compromised", "pending", "retired"]);
        let next = id_of(&installation, "pending");

        // Everything happened long ago.
        age(&installation).await;
        for column in ["retired_at", "compromised_at", "activates_at"] {
            let moment = "'2026-01-02T00:00:00.000000Z'";
            let passed = format!("UPDATE signing_keys SET {column} = {moment} WHERE {column} IS NOT NULL");
            installation.execute(&passed).await;
        }
        let mut worker = installation.start_quietly(&["consume"], &[]);
        until(async || statuses(&installation) == ["active", "retired"]).await;
        worker.kill().unwrap();
        worker.wait().unwrap();
        assert_eq!(id_of(&installation, "active"), next);
    }

    async fn the_worker_rotates_an_old_key(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        key(&installation, &["generate"]).expect(0);
        let pending = id_of(&installation, "pending");
        key(&installation, &["remove", &pending, "--yes"]).expect(0);
        installation.execute("UPDATE signing_keys SET activated_at = '2026-01-01T00:00:00.000000Z'").await;
        let off = [("SVC_SECURITY__TOKEN__ROTATE_EVERY", "off")];
        for (variables, expected) in [(&off[..], &["active"][..]), (&[], &["active", "pending"])] {
            installation.execute("DELETE FROM jobs").await;
            let mut worker = installation.start_quietly(&["consume"], variables);
            // The job has run.
            let run = "SELECT name FROM jobs WHERE name = 'rotate_keys' AND claim IS NULL";
            until(async || !installation.texts(run).await.is_empty()).await;
            worker.kill().unwrap();
            worker.wait().unwrap();
            assert_eq!(statuses(&installation), expected);
        }
        let planned = installation.texts("SELECT id FROM signing_keys WHERE activates_at IS NOT NULL").await;
        assert_eq!(planned, [id_of(&installation, "pending")]);
    }
}
