//! The command line beside two replicas under load: every command works, and both replicas follow.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use clap::CommandFactory;
use svc::cli::Cli;

use super::load::Replicas;
use crate::cli::user::{create, log_in, me, text};
use crate::support::app::{Login, PASSWORD};
use crate::support::commands::names;
use crate::support::process::{Installation, until};
use crate::support::redis::{self, Namespace};
use crate::support::{Backend, both_backends};

/// Far beyond what is promised (1 s with Redis, 5 s without), for a busy machine.
const BOUND: Duration = Duration::from_secs(30);

/// Commands that run beside no service, or do not end, or only print a text.
const OTHERS: [&str; 10] = [
    "serve",
    "consume",
    "completions",
    "man",
    "help",
    "openapi",
    "asyncapi",
    "config check",
    "config show",
    "doctor",
];

/// What the commands name.
struct Given {
    session: String,
    other_session: String,
    access: String,
    event: String,
    pending: String,
    url: String,
}

/// Every command once, with its input, in an order in which each succeeds.
fn commands(given: &Given) -> Vec<(Vec<&str>, &str)> {
    let Given { session, other_session, access, event, pending, url } = given;
    let split = |line: &'static str| line.split(' ').collect::<Vec<_>>();
    let mut commands = vec![
        (split("create-user --email new@example.com --password-stdin"), PASSWORD),
        (split("user create --email eva@example.com --password-stdin"), PASSWORD),
        (split("user set-password ada@example.com --password-stdin --yes --keep-sessions"), PASSWORD),
        (split("user set-metadata ada@example.com -"), "{\"theme\": \"dark\"}"),
        (vec!["session", "explain"], access.as_str()),
        (vec!["token", "inspect"], access.as_str()),
        (vec!["session", "show", session], ""),
        (vec!["session", "revoke", session, other_session, "--yes"], ""),
        (vec!["event", "show", event], ""),
        (vec!["event", "replay", event], ""),
        (vec!["key", "activate", pending, "--force", "--yes"], ""),
        (vec!["healthcheck", url], ""),
    ];
    commands.extend(
        [
            "user list",
            "user show ada@example.com",
            "user lock ada@example.com --yes",
            "user unlock ada@example.com",
            "user set-role ada@example.com admin",
            "user verify-email ada@example.com",
            "user rename ada@example.com Ada",
            "user delete eva@example.com --yes",
            "session list --ended",
            "issue-token --user ada@example.com",
            "key list",
            "key rotate",
            "key generate",
            "event list",
            "event dead",
            "event stats",
            "audit list",
            "user invite gus@example.com",
            "invitation list",
            "invitation resend gus@example.com",
            "invitation revoke gus@example.com --yes",
            "ban add 203.0.113.9 --for 1h",
            "ban list",
            "ban remove 203.0.113.9",
            "migrate up",
            "migrate status",
        ]
        .map(|line| (split(line), "")),
    );
    commands
}

/// The id of the first key in this stage.
async fn key(replicas: &Replicas, status: &str) -> String {
    let keys = replicas.run(&["key", "list"], "").await.expect(0).json();
    let found = keys.as_array().unwrap().iter().find(|key| key["status"] == status);
    text(found.unwrap(), "id").to_owned()
}

/// Runs a command that ends sessions, and returns how long after its end both replicas refuse each token.
async fn obeyed(replicas: &Replicas, arguments: &[&str], logins: &[Login]) -> Duration {
    for login in logins {
        for replica in &replicas.both {
            assert_eq!(me(replica, login).await, 200, "before {arguments:?}");
        }
    }
    replicas.run(arguments, "").await.expect(0);
    let since = Instant::now();
    for login in logins {
        for replica in &replicas.both {
            until(async || me(replica, login).await == 401).await;
        }
    }
    let took = since.elapsed();
    assert!(took < BOUND, "{arguments:?} took effect after {took:?}");
    took
}

/// Measures a few times how soon a lock and a revocation are obeyed, and prints the longest time of each.
async fn measure(installation: Installation, cache: &str) {
    let replicas = Replicas::start(installation).await;
    let work = async {
        let (mut locked, mut revoked) = (Duration::ZERO, Duration::ZERO);
        for round in 0..3 {
            let email = format!("ada{round}@example.com");
            create(&replicas.installation, &email, &[]);
            let login = async |replica: usize| log_in(&replicas.both[replica], &email).await;
            let (one, others) = (login(0).await, [login(0).await, login(1).await]);
            let session = one.session_id();
            let revoke = ["session", "revoke", &*session, "--yes"];
            revoked = revoked.max(obeyed(&replicas, &revoke, &[one]).await);
            locked = locked.max(obeyed(&replicas, &["user", "lock", &*email, "--yes"], &others).await);
        }
        (locked, revoked)
    };
    let ((locked, revoked), logins) = replicas.under_load(work).await;
    assert!(!logins.is_empty());
    println!("{cache}: a lock is obeyed after {locked:.0?}, a revocation after {revoked:.0?}");
    replicas.stop();
}

both_backends! {
    async fn every_command_works(backend: Backend) {
        let replicas = Replicas::start(Installation::migrated(backend).await).await;
        create(&replicas.installation, "ada@example.com", &[]);
        create(&replicas.installation, "root@example.com", &["--role", "admin"]);
        let logins = [log_in(&replicas.both[0], "ada@example.com").await, log_in(&replicas.both[1], "ada@example.com").await];
        let run = async |arguments: &[&str]| replicas.run(arguments, "").await.expect(0).json();
        run(&["key", "generate"]).await;
        let events = run(&["event", "list", "--limit", "1"]).await;
        let given = Given {
            session: logins[0].session_id(),
            other_session: logins[1].session_id(),
            access: logins[0].access.clone(),
            event: text(&events[0], "id").to_owned(),
            pending: key(&replicas, "pending").await,
            url: format!("{}/health/live", replicas.both[0].client.base),
        };
        let work = async {
            let mut ran = BTreeSet::new();
            for (arguments, input) in commands(&given) {
                let done = replicas.run(&arguments, input).await.expect(0);
                let is_busy = ["busy", "locked", "retrying"].iter().any(|word| done.stderr.contains(word));
                assert!(!is_busy, "{arguments:?}: {done:?}");
                ran.insert(arguments);
            }
            let retired = key(&replicas, "retired").await;
            for arguments in [["key", "remove", &*retired, "--force", "--yes"], ["key", "retire", &*key(&replicas, "pending").await, "--force", "--yes"]] {
                replicas.run(&arguments, "").await.expect(0);
            }
            ran.into_iter().map(|arguments| arguments.join(" ")).collect::<Vec<_>>()
        };
        let (ran, logins) = replicas.under_load(work).await;
        assert!(!logins.is_empty());
        let tried = |name: &str| ran.iter().any(|line| line == name || line.starts_with(&format!("{name} ")));
        let elsewhere = ["key remove", "key retire", "event discard", "session revoke --user"];
        for name in names(&Cli::command()) {
            let is_other = OTHERS.contains(&&*name) || elsewhere.contains(&&*name) || name.starts_with("help");
            assert!(is_other || tried(&name), "svc {name} was not run");
        }
        replicas.stop();
    }

    async fn a_locked_user_and_a_revoked_session_are_refused_without_redis(backend: Backend) {
        measure(Installation::migrated(backend).await, &format!("{backend:?} without Redis")).await;
    }
}

#[test]
fn a_locked_user_and_a_revoked_session_are_refused_with_redis() {
    redis::run(async || {
        let namespace = Namespace::shared();
        let installation = Installation::migrated(Backend::Postgres).await;
        let installation = installation
            .set("SVC_CACHE__URL", &namespace.redis.url)
            .set("SVC_CACHE__NAMESPACE", &namespace.name)
            .set("SVC_CACHE__TIMEOUT", "10s");
        measure(installation, "Postgres with Redis").await;
    });
}
