//! Events accumulate while no worker runs, and are handled when one starts.
//!
//! `SVC_TEST_BACKLOG=50000 cargo test --test it worker::backlog -- --nocapture --test-threads 1` is the long
//! form.

use std::time::{Duration, Instant};

use crate::support::process::{Installation, finish, signal};
use crate::support::{Backend, both_backends, environment};

const USERS: u32 = 1000;

fn events_of(backend: Backend, events: u32) -> String {
    match backend {
        Backend::Postgres => format!(
            "INSERT INTO outbox (id, type, subject, actor, data, occurred_at) SELECT gen_random_uuid(), \
             'svc.user.updated.v1', CAST('00000000-0000-7000-8000-' || lpad(to_hex(n % {USERS}), 12, '0') AS uuid), \
             'service', '{{\"version\": 1}}', now() FROM generate_series(1, {events}) AS n"
        ),
        Backend::Sqlite => format!(
            "INSERT INTO outbox (id, type, subject, actor, data, occurred_at) WITH RECURSIVE all_of(n) AS \
             (SELECT 1 UNION ALL SELECT n + 1 FROM all_of WHERE n < {events}) SELECT randomblob(16), \
             'svc.user.updated.v1', CAST(printf('%016d', n % {USERS}) AS BLOB), 'service', '{{\"version\": 1}}', \
             '2026-01-01T00:00:00.000000Z' FROM all_of"
        ),
    }
}

/// Returns a memory figure of a process, such as `VmRSS`, in KiB; 0 if the system does not report it.
fn memory(process: u32, figure: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(figure)?.strip_prefix(':'));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

async fn count(installation: &Installation, what: &str) -> u32 {
    installation.texts(&format!("SELECT CAST(count(*) AS text) FROM {what}")).await[0].parse().unwrap()
}

both_backends! {
    async fn a_backlog_is_handled_in_order(backend: Backend) {
        let long = environment::variable("SVC_TEST_BACKLOG").map(|number| number.parse().unwrap());
        let events = long.unwrap_or(3000);
        let installation = Installation::migrated(backend).await;
        let worker = installation.start_quietly(&["consume"], &[]);
        installation.execute(&events_of(backend, 10)).await;
        let wait = async |events: u32| {
            let began = Instant::now();
            while count(&installation, "audit").await < events {
                assert!(began.elapsed() < Duration::from_mins(5), "it does not drain");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        wait(10).await;
        let idle = memory(worker.id(), "VmRSS");
        signal(worker.id(), "TERM");
        finish(worker).expect(0);
        installation.execute(&events_of(backend, events)).await;
        let began = Instant::now();
        let worker = installation.start_quietly(&["consume"], &[]);
        wait(events + 10).await;
        let took = began.elapsed();
        let (after, most) = (memory(worker.id(), "VmRSS"), memory(worker.id(), "VmHWM"));
        signal(worker.id(), "TERM");
        finish(worker).expect(0);
        // No event of a user was handled before an earlier one.
        let disorder = "(SELECT done_at, lag(done_at) OVER (PARTITION BY handler, subject ORDER BY seq) AS before \
             FROM inbox) AS done WHERE done_at < before";
        assert_eq!(count(&installation, disorder).await, 0);
        assert_eq!(count(&installation, "inbox WHERE state = 'done' AND handler = 'audit'").await, events + 10);
        let rate = f64::from(events) / took.as_secs_f64();
        println!(
            "{backend:?}: {events} events drained in {took:.1?}, {rate:.0} a second with the start; memory of the worker: \
             idle {idle} KiB, after {after} KiB, at most {most} KiB"
        );
    }
}
