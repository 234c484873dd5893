//! A changing command that is killed leaves its change as a whole, with its event and its audit entry, or
//! nothing of it.

use crate::cli::key::with_key;
use crate::cli::user::create;
use crate::support::app::PASSWORD;
use crate::support::process::{Installation, Ran, until};
use crate::support::{Backend, both_backends};

/// The commands, in an order in which each has something to change, and the event of each. `{active}` is the
/// ID of the first key with this status.
pub(super) const COMMANDS: [(&[&str], &str); 27] = [
    (&["user", "create", "--email", "new@example.com", "--password-stdin"], "svc.user.registered.v1"),
    (&["user", "rename", "ada@example.com", "Ada"], "svc.user.updated.v1"),
    (&["user", "set-metadata", "ada@example.com", "metadata.json"], "svc.user.updated.v1"),
    (&["issue-token", "--user", "ada@example.com", "--refresh"], "svc.session.started.v1"),
    (&["user", "verify-email", "ada@example.com"], "svc.user.email_verified.v1"),
    (&["user", "set-role", "ada@example.com", "admin"], "svc.user.role_changed.v1"),
    (&["session", "revoke", "--user", "ada@example.com", "--yes"], "svc.session.revoked.v1"),
    (
        &["user", "set-password", "ada@example.com", "--password-stdin", "--yes"],
        "svc.user.password_changed.v1",
    ),
    (&["user", "lock", "ada@example.com", "--yes"], "svc.user.locked.v1"),
    (&["ban", "add", "--email", "ada@example.com", "--for", "2h"], "svc.ban.added.v1"),
    (&["user", "unlock", "ada@example.com"], "svc.user.unlocked.v1"),
    (&["user", "delete", "ada@example.com", "--yes"], "svc.user.deleted.v1"),
    (&["user", "invite", "eva@example.com"], "svc.user.invited.v1"),
    (&["invitation", "resend", "eva@example.com"], "svc.user.invited.v1"),
    (&["invitation", "revoke", "eva@example.com", "--yes"], "svc.user.deleted.v1"),
    (&["ban", "add", "203.0.113.0/24", "--reason", "guessing"], "svc.ban.added.v1"),
    (&["ban", "remove", "203.0.113.0/24"], "svc.ban.removed.v1"),
    (&["key", "generate"], "svc.key.generated.v1"),
    (&["key", "activate", "{pending}", "--force", "--yes"], "svc.key.activated.v1"),
    (&["key", "remove", "{retired}", "--force", "--yes"], "svc.key.removed.v1"),
    (&["key", "generate"], "svc.key.generated.v1"),
    // It has signed nothing, so it is removed at once.
    (&["key", "remove", "{pending}", "--compromised", "--yes"], "svc.key.removed.v1"),
    (&["key", "rotate"], "svc.key.generated.v1"),
    (&["key", "rotate", "--force", "--yes"], "svc.key.activated.v1"),
    (&["key", "generate"], "svc.key.generated.v1"),
    // The key is there: its time is set.
    (&["key", "rotate"], "svc.key.planned.v1"),
    // Last, because the next command that signs would make another key.
    (&["key", "retire", "{active}", "--force", "--yes"], "svc.key.retired.v1"),
];

const EVENTS: &str = "SELECT type FROM outbox ORDER BY seq";

/// The progress of events and of their handlers.
const PROGRESS: [&str; 2] = [
    "SELECT CASE WHEN relayed_at IS NULL THEN 'waits ' ELSE 'relayed ' END || CAST(attempts AS text) FROM outbox \
     WHERE type <> 'svc.event.replayed.v1' ORDER BY seq",
    "SELECT state || ' ' || CAST(attempts AS text) FROM inbox ORDER BY seq",
];

/// All that a command can change, but the progress of events. Ids are left out, and times where another
/// column changes with them.
async fn state(installation: &Installation) -> Vec<String> {
    let mut state = Vec::new();
    for sql in [
        "SELECT email || ' ' || role || ' ' || status || ' ' || CAST(version AS text) || ' ' || coalesce(name, '-') \
         || ' ' || CAST(email_verified AS text) || ' ' || password_hash || CAST(metadata AS text) FROM users ORDER BY email",
        "SELECT coalesce(revoked_reason, 'live') FROM sessions ORDER BY id",
        "SELECT CAST(sent_at AS text) FROM invitations ORDER BY user_id",
        "SELECT purpose FROM mail_tokens ORDER BY user_id, purpose",
        "SELECT coalesce(network, 'user') || ' ' || coalesce(reason, '-') || ' ' || CAST(version AS text) FROM bans ORDER BY network",
        "SELECT status || CASE WHEN activates_at IS NULL THEN '' ELSE ' planned' END FROM signing_keys \
         ORDER BY created_at, status",
        EVENTS,
    ] {
        state.extend(installation.texts(sql).await);
    }
    state
}

fn run(installation: &Installation, arguments: &[&str], fail_point: &str) -> Ran {
    let set = [arguments, &["--set", "log.format=json"]].concat();
    installation.run_with(&set, PASSWORD, &[("SVC_TEST_FAIL_POINT", fail_point)])
}

both_backends! {
    async fn at_every_statement_nothing_and_after_the_commit_everything(backend: Backend) {
        let installation = Installation::migrated(backend).await.file("metadata.json", r#"{"plan": "pro"}"#);
        create(&installation, "ada@example.com", &[]);
        // So that another administrator may be locked and deleted.
        create(&installation, "root@example.com", &["--role", "admin"]);
        for _ in 0..2 {
            installation.run(&["issue-token", "--user", "ada@example.com"]).expect(0);
        }
        for (arguments, event) in COMMANDS {
            let words: Vec<String> = arguments.iter().map(|word| with_key(&installation, word)).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let (before, events) = (state(&installation).await, installation.texts(EVENTS).await);
            let mut place = 1;
            // The last place is the commit.
            loop {
                let ran = run(&installation, &words, &format!("work.statement:{place}"));
                if ran.code.is_some() {
                    ran.expect(0);
                    break;
                }
                assert_eq!(state(&installation).await, before, "{arguments:?}, before statement {place}");
                place += 1;
            }
            assert!(place > 3, "{arguments:?} has only {place} statements");
            let after = state(&installation).await;
            let appended = installation.texts(EVENTS).await;
            let appended = appended.strip_prefix(&*events).unwrap();
            assert!(appended.contains(&event.to_owned()), "{arguments:?}: {appended:?}");
            let rows = |state: &[String], events: usize| state[..state.len() - events].to_vec();
            let (old, new) = (rows(&before, events.len()), rows(&after, events.len() + appended.len()));
            assert_ne!(new, old, "{arguments:?} has appended an event, and changed nothing");
        }
        // So that the first commit below is that of the user, and not that of another key.
        installation.run(&["key", "rotate", "--force", "--yes"]).expect(0);
        // Killed after the commit, before anything is printed.
        let email = "later@example.com";
        let arguments = ["user", "create", "--email", email, "--password-stdin"];
        let ran = run(&installation, &arguments, "work.committed");
        assert_eq!((ran.code, ran.stdout.as_str()), (None, ""), "{ran:?}");
        let created = installation.run(&["user", "show", email]).expect(0).json();
        let events = installation.run(&["event", "list", "--user", email]).expect(0).json();
        assert_eq!((&created["email"], &events[0]["type"]), (&email.into(), &"svc.user.registered.v1".into()));

        // Each change has its audit entry, once a worker runs.
        let changes = installation.texts("SELECT type FROM outbox ORDER BY id").await;
        let audited = async || installation.texts("SELECT type FROM audit ORDER BY event_id").await;
        let mut worker = installation.start_quietly(&["consume"], &[]);
        // The worker changes keys too: it appends events after those of the commands.
        until(async || audited().await.starts_with(&changes)).await;
        worker.kill().unwrap();
        worker.wait().unwrap();
    }

    async fn sessions_of_several_users_are_revoked_together(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let mut arguments = vec!["session".to_owned(), "revoke".to_owned(), "--yes".to_owned()];
        for email in ["ada@example.com", "bea@example.com"] {
            create(&installation, email, &[]);
            let issued = installation.run(&["issue-token", "--user", email]).expect(0).json();
            arguments.push(issued["session_id"].as_str().unwrap().to_owned());
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let before = state(&installation).await;
        let mut places = 0;
        while run(&installation, &arguments, &format!("work.statement:{}", places + 1)).code.is_none() {
            places += 1;
            assert_eq!(state(&installation).await, before, "before statement {places}");
        }
        assert!(places >= 6, "only {places} statements");
        let after = state(&installation).await;
        assert_eq!(after.iter().filter(|line| *line == "ended_by_admin").count(), 2, "{after:?}");
    }
    async fn a_replay_that_was_killed_is_finished_by_the_next_one(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        for email in ["ada@example.com", "bea@example.com"] {
            create(&installation, email, &[]);
        }
        let events = installation.run(&["event", "list"]).expect(0).json();
        let (newest, count) = (events[0]["id"].as_str().unwrap(), events.as_array().unwrap().len());
        let progress = async || {
            let mut progress = Vec::new();
            for sql in PROGRESS {
                progress.push(installation.texts(sql).await);
            }
            progress
        };
        let all = |state: &str| vec![state.to_owned(); count];
        let dead_letters = "INSERT INTO inbox (event_id, handler, seq, subject, state, attempts, available_at) \
             SELECT id, 'audit', seq, subject, 'dead', 10, occurred_at FROM outbox";
        installation.execute(dead_letters).await;
        let recorded = "SELECT type FROM outbox WHERE type = 'svc.event.replayed.v1'";
        for (target, replayed, requeued) in
            [(&["--since", "1h"][..], count, count), (&[newest], 1, 1), (&["--dead"], 0, count)]
        {
            installation.execute("DELETE FROM outbox WHERE type = 'svc.event.replayed.v1'").await;
            installation.execute("UPDATE outbox SET relayed_at = occurred_at, attempts = 1").await;
            installation.execute("UPDATE inbox SET state = 'dead', attempts = 10").await;
            let arguments = [&["event", "replay", "--yes"], target].concat();
            let before = progress().await;
            assert_eq!(before, [all("relayed 1"), all("dead 10")]);
            let kill = |place| run(&installation, &arguments, &format!("replay.statement:{place}")).code;
            assert_eq!(kill(1), None);
            assert_eq!(progress().await, before, "{target:?}");
            // The operator is recorded before the first change.
            assert_eq!(installation.texts(recorded).await.len(), 1, "{target:?}");
            // Between the dead letters and the events, each of which is changed as a whole.
            assert_eq!(kill(2), None);
            let half = progress().await;
            assert_eq!(half[0], before[0], "{target:?}");
            assert_eq!(half[1].iter().filter(|line| *line == "pending 0").count(), requeued, "{target:?}");
            assert_eq!(half[1].iter().filter(|line| *line == "dead 10").count(), count - requeued, "{target:?}");
            let done = installation.run(&arguments).expect(0).json();
            assert_eq!((&done["replayed"], &done["requeued"]), (&replayed.into(), &0.into()), "{target:?}");
            let after = progress().await;
            assert_eq!(after[0].iter().filter(|line| *line == "waits 0").count(), replayed, "{target:?}");
            assert_eq!(after[1], half[1], "{target:?}");
        }
    }
}
