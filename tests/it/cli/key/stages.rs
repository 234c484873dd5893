use super::{age, changes, id_of, key, keys, statuses};
use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

both_backends! {
    async fn a_key_goes_through_its_stages(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let generated = key(&installation, &["generate"]).expect(0).json();
        assert_eq!(changes(&generated), ["generated"]);
        assert_eq!(statuses(&installation), ["active", "pending"], "the first key signs at once");
        let (old, new) = (id_of(&installation, "active"), id_of(&installation, "pending"));

        let early = key(&installation, &["activate", &new]);
        early.refused(1, &["services that cache the key set may not have the key before", "--force"]);
        assert_eq!(statuses(&installation), ["active", "pending"]);
        age(&installation).await;
        let dry = key(&installation, &["activate", &new, "--dry-run"]).expect(0).json();
        assert_eq!((changes(&dry), &dry["dry_run"]), (vec!["retired", "activated"], &true.into()));
        assert_eq!(id_of(&installation, "active"), old);
        // The beginning of an id is enough.
        let activated = key(&installation, &["activate", &new[..16]]).expect(0).json();
        assert_eq!((changes(&activated), &activated["breaks"]), (vec!["retired", "activated"], &serde_json::json!([])));
        assert_eq!((id_of(&installation, "active"), id_of(&installation, "retired")), (new.clone(), old.clone()));

        key(&installation, &["remove", &old, "--yes"]).refused(1, &["can be valid until", "--compromised"]);
        let long_ago = "UPDATE signing_keys SET retired_at = '2026-01-02T00:00:00.000000Z' WHERE status = 'retired'";
        installation.execute(long_ago).await;
        key(&installation, &["remove", &old]).refused(2, &["this would remove the key", "--yes"]);
        assert_eq!(changes(&key(&installation, &["remove", &old, "--yes"]).expect(0).json()), ["removed"]);
        assert_eq!(statuses(&installation), ["active"]);

        let events = "SELECT type || ' ' || actor FROM outbox WHERE type LIKE 'svc.key.%' ORDER BY id";
        assert_eq!(
            installation.texts(events).await,
            [
                "svc.key.generated.v1 operator",
                "svc.key.retired.v1 operator",
                "svc.key.activated.v1 operator",
                "svc.key.removed.v1 operator",
            ]
        );
    }

    async fn a_rotation_is_two_runs_of_one_command(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let staged = key(&installation, &["rotate"]).expect(0).json();
        assert_eq!(changes(&staged), ["generated"]);
        let new = id_of(&installation, "pending");
        assert_eq!(staged["planned"]["id"], new);
        let waiting = key(&installation, &["rotate"]).expect(0).json();
        assert_eq!((changes(&waiting), &waiting["planned"]), (vec![], &staged["planned"]));
        age(&installation).await;
        assert_eq!(changes(&key(&installation, &["rotate"]).expect(0).json()), ["retired", "activated"]);
        assert_eq!(id_of(&installation, "active"), new);
        key(&installation, &["rotate", "--force"]).refused(2, &["may refuse the tokens of the new key", "--yes"]);
        let forced = key(&installation, &["rotate", "--force", "--yes"]).expect(0).json();
        assert_eq!(changes(&forced), ["generated", "retired", "activated"]);
        assert_eq!(forced["breaks"].as_array().unwrap().len(), 1);
    }

    async fn what_would_break_something_is_refused(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        key(&installation, &["generate"]).expect(0);
        let (active, pending) = (id_of(&installation, "active"), id_of(&installation, "pending"));
        let before = keys(&installation);
        key(&installation, &["retire", &active, "--yes"]).refused(1, &["no other key is active", "--force"]);
        key(&installation, &["remove", &active, "--yes"]).refused(1, &["the key is active"]);
        key(&installation, &["activate", &active]).refused(1, &["the key is active, so it cannot be activated"]);
        key(&installation, &["retire", &pending]).refused(2, &["this would retire the key", "--yes"]);
        key(&installation, &["activate", "unknown-key"]).refused(67, &["there is no signing key \"unknown-key\""]);
        key(&installation, &["activate", &pending[..1]]).refused(2, &["too short"]);
        key(&installation, &["retire", &active, "--force", "--compromised"]).refused(2, &["cannot be used with"]);
        let derived = ["generate", "--set", "security.token.algorithm=HS256"];
        key(&installation, &derived).refused(1, &["HS256 signs with a key that is derived"]);
        let other = installation.path("other.toml");
        std::fs::write(&other, "[security]\nsecret_key = \"Kv0+Jq1pWmZ3x8RtYc5nBd7uHs2LgEaFoQi4XkMzTvN\"\n").unwrap();
        let other_secret = key(&installation, &["generate", "--config", other.to_str().unwrap()]);
        other_secret.refused(78, &["encrypted with another secret key"]);
        assert_eq!(keys(&installation), before);
        key(&installation, &["retire", &pending, "--yes"]).expect(0);
        key(&installation, &["remove", &pending, "--yes"]).expect(0);
        let nothing = key(&installation, &["retire", &active, "--force", "--yes"]).expect(0).json();
        assert!(nothing["breaks"][0].as_str().unwrap().contains("503"), "{nothing}");
        assert_eq!(statuses(&installation), ["retired"]);
    }
    async fn a_table_says_whether_anything_was_changed(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        key(&installation, &["rotate", "--force", "--yes"]).expect(0);
        let active = id_of(&installation, "active");
        installation.run(&["create-user", "--email", "ada@example.com", "--generate-password"]).expect(0);
        installation.run(&["issue-token", "--user", "ada@example.com"]).expect(0);
        for (confirmation, is_dry) in [("--dry-run", "true"), ("--yes", "false")] {
            let arguments = ["key", "retire", "--compromised", confirmation, "-o", "table", "--", &active];
            let shown = installation.run_with(&arguments, "", &[("COLUMNS", "80")]).expect(0).stdout;
            for line in [&*format!("dry_run           {is_dry}"), "sessions_revoked  1", "CHANGE       ID"] {
                assert!(shown.lines().any(|shown| shown.starts_with(line)), "{line} is not in:\n{shown}");
            }
            assert!(shown.contains(&format!("compromised  {active}  ES256\n")), "{shown}");
            assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
        }
        let rotate = ["key", "rotate", "-o", "table"];
        let first = installation.run(&rotate).expect(0).stdout;
        assert!(first.contains("\ngenerated") && first.contains("\nplanned:\nid "), "{first}");
        // A run in between changes nothing, and says so.
        let second = installation.run(&rotate).expect(0).stdout;
        assert!(second.contains("planned:\nid ") && !second.contains("CHANGE"), "{second}");
    }

    async fn the_beginning_of_two_ids_is_ambiguous(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        for _ in 0..3 {
            key(&installation, &["generate"]).expect(0);
        }
        for id in ["same-one", "same-two"] {
            let one = "SELECT min(id) FROM signing_keys WHERE status = 'pending' AND id NOT LIKE 'same%'";
            installation.execute(&format!("UPDATE signing_keys SET id = '{id}' WHERE id = ({one})")).await;
        }
        for verb in ["activate", "retire", "remove"] {
            key(&installation, &[verb, "same", "--yes"]).refused(2, &["2 keys begin with \"same\"", "more characters"]);
        }
        assert_eq!(statuses(&installation), ["active", "pending", "pending", "pending"]);
    }
}
