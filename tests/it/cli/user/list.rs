use std::io::{BufRead, BufReader};

use serde_json::{Value, json};

use super::create;
use crate::support::process::{Installation, finish};
use crate::support::{Backend, both_backends};

fn list(installation: &Installation, arguments: &[&str]) -> Vec<Value> {
    installation.run(&[&["user", "list"], arguments].concat()).expect(0).json().as_array().unwrap().clone()
}

/// Adds users by copying the first one.
async fn add(installation: &Installation, backend: Backend, count: u32) {
    let id = match backend {
        Backend::Sqlite => "unhex(printf('01990000000070008000%012x', n))",
        Backend::Postgres => "CAST('01990000-0000-7000-8000-' || lpad(to_hex(n), 12, '0') AS uuid)",
    };
    let sql = format!(
        "INSERT INTO users (id, email, email_key, email_verified, role, status, version, created_at, updated_at, \
         password_hash) WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count}) \
         SELECT {id}, 'user' || n || '@example.com', 'user' || n || '@example.com', email_verified, 'user', \
         CASE WHEN n % 100 = 0 THEN 'locked' ELSE 'active' END, 1, created_at, updated_at, password_hash \
         FROM users, numbers WHERE email = 'ada@example.com'"
    );
    installation.execute(&sql).await;
}

/// Adds more users than fit in two pages.
async fn add_many(installation: &Installation, backend: Backend) {
    add(installation, backend, 600).await;
}

/// Returns how many KiB of memory the command had taken when all but the last line was read.
fn peak(installation: &Installation, users: usize) -> u64 {
    let mut child = installation.start(&["user", "list", "--all", "-o", "json"]);
    let lines = BufReader::with_capacity(1024, child.stdout.take().unwrap()).lines();
    // It waits for its reader, since the lines that are left do not fit the pipe.
    let mut lines = lines.take(users);
    let status = format!("/proc/{}/status", child.id());
    let left = users.min(1000);
    assert_eq!(lines.by_ref().take(users - left).map_while(Result::ok).count(), users - left);
    let status = std::fs::read_to_string(status).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak = peak.trim().strip_suffix(" kB").unwrap().parse().unwrap();
    assert_eq!(lines.map_while(Result::ok).count(), left);
    finish(child).expect(0);
    peak
}

both_backends! {
    async fn users_are_filtered_and_read_page_by_page(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let ada = create(&installation, "ada@example.com", &["--role", "admin"]);
        assert_eq!(list(&installation, &[]), std::slice::from_ref(&ada));
        add_many(&installation, backend).await;
        assert_eq!(list(&installation, &["--email", "ADA@example.com"]), std::slice::from_ref(&ada));
        assert_eq!(list(&installation, &["--role", "admin"]), std::slice::from_ref(&ada));
        assert_eq!(list(&installation, &["--status", "locked"]).len(), 6);
        assert_eq!(list(&installation, &["--status", "locked", "--role", "admin"]), [] as [Value; 0]);
        assert_eq!(list(&installation, &[]).len(), 50);

        // A part longer than a page of the store, and the next one, which begins after its last user.
        let first = list(&installation, &["--limit", "400"]);
        let after = first.last().unwrap()["id"].as_str().unwrap();
        let second = list(&installation, &["--limit", "10000", "--after", after]);
        assert_eq!((first.len(), second.len()), (400, 201));
        let mut ids: Vec<Value> = first.iter().chain(&second).map(|user| user["id"].clone()).collect();
        ids.dedup();
        assert_eq!(ids.len(), 601);

        let all = installation.run(&["user", "list", "--all", "-o", "json"]).expect(0);
        let lines: Vec<Value> = all.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines, [first, second].concat());
    }

    async fn a_long_list_takes_no_more_memory_than_a_short_one(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        create(&installation, "ada@example.com", &[]);
        add(&installation, backend, 2_000).await;
        let short = peak(&installation, 2_001);
        installation.execute("DELETE FROM users WHERE email <> 'ada@example.com'").await;
        add(&installation, backend, 40_000).await;
        let long = peak(&installation, 40_001);
        // As text, the 38,000 others take 15 MiB.
        assert!(long < short + 8 * 1024, "{short} and {long} KiB");
    }

    async fn a_table_fits_80_columns(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let long = format!("{}@example.com", "long".repeat(16));
        create(&installation, &long, &["--role", "admin"]);
        add_many(&installation, backend).await;
        let table = ["user", "list", "--all", "-o", "table"];
        let table = installation.run_with(&table, "", &[("COLUMNS", "80")]).expect(0).stdout;
        assert!(table.starts_with("ID                                    ROLE   STATUS  EMAIL\n"), "{table}");
        assert!(table.contains("  admin  active  longlonglonglonglonglonglo…\n"), "{table}");
        assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    }

    async fn a_closed_pipe_ends_it_without_an_error(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        create(&installation, "ada@example.com", &[]);
        add_many(&installation, backend).await;
        for format in ["json", "table"] {
            let mut child = installation.start(&["user", "list", "--all", "-o", format]);
            let mut line = String::new();
            BufReader::with_capacity(1, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
            assert!(line.len() > 10, "{line}");
            let ran = finish(child).expect(0);
            assert_eq!(ran.stderr, "");
        }
    }

    async fn wrong_filters_are_refused(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        for (arguments, code, texts) in [
            (&["--role", "root"][..], 2, ["--role", "user, admin"]),
            (&["--status", "gone"], 2, ["--status", "active, locked"]),
            (&["--email", "ada"], 65, ["--email", ""]),
            (&["--after", "ada"], 65, ["--after", "expected an ID"]),
            (&["--limit", "0"], 2, ["--limit", "0"]),
            (&["--limit", "10001"], 2, ["--limit", "10001"]),
            (&["--limit", "5", "--all"], 2, ["--all", "cannot be used with"]),
        ] {
            installation.run(&[&["user", "list"], arguments].concat()).refused(code, &texts);
        }
        assert_eq!(installation.run(&["user", "list"]).expect(0).json(), json!([]));
        assert_eq!(installation.run(&["user", "list", "--all", "-o", "json"]).expect(0).stdout, "");
    }
}
