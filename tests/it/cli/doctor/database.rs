use std::time::Duration;

use svc::adapters::system::SystemClock;
use svc::ports::Clock;
use url::Url;

use super::{Examined, strong};
use crate::support::pgbouncer::{self, Mode, PgBouncer};
use crate::support::postgres::{Alone, run_alone};
use crate::support::process::{Installation, until};
use crate::support::{Backend, TestDatabase, both_backends, database, environment};

fn on(url: &str) -> Installation {
    let installation = Installation::default().patient().set("SVC_SERVER__METRICS_LISTEN", "off");
    strong(installation).set("SVC_DATABASE__URL", url).set("SVC_DATABASE__MAX_CONNECTIONS", "3")
}

/// Makes a role with these rights on a migrated database.
async fn with_role(options: &str, rights: &str, test: impl AsyncFnOnce(Installation, &TestDatabase)) {
    let database = Backend::Postgres.own_database().await;
    let role = format!("{}_role", database.name().unwrap());
    database
        .execute(&format!(
            "CREATE ROLE {role} {options}; GRANT {rights} ON ALL TABLES IN SCHEMA public TO {role}"
        ))
        .await
        .unwrap();
    let mut url = Url::parse(&database.url()).unwrap();
    url.set_username(&role).unwrap();
    test(on(url.as_str()), &database).await;
    database.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await.unwrap();
}

#[test]
fn an_unreachable_server_a_missing_database_and_a_role_that_may_not_log_in() {
    let unreachable =
        on("postgres://svc:T7kXw0ZbQe@127.0.0.1:1/svc").set("SVC_DATABASE__ACQUIRE_TIMEOUT", "100ms");
    Examined::of(&unreachable, 1).finds("database", "fail", "nothing listens", "start the database");
    assert!(!unreachable.run(&["doctor"]).stdout.contains("T7kXw0ZbQe"));
    database::run(Backend::Postgres, async |backend| {
        let url = backend.empty_database().await.url();
        Examined::of(&on(&url), 1).finds("database", "fail", "does not exist", "create the database");
        with_role("NOLOGIN", "SELECT", async |installation, _| {
            Examined::of(&installation, 1).finds(
                "database",
                "fail",
                "not permitted to log in",
                "correct the user",
            );
        })
        .await;
    });
}

#[test]
fn a_wrong_password() {
    run_alone(async |server: Alone| {
        on(&server.url()).run(&["migrate"]).expect(0);
        let tables = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO svc";
        server.execute(&["CREATE ROLE svc LOGIN PASSWORD 'T7kXw0ZbQe'", tables]).await;
        server.asks_for_password("svc").await;
        let with = |password: Option<&str>| {
            let mut url = Url::parse(&server.url()).unwrap();
            url.set_username("svc").unwrap();
            url.set_password(password).unwrap();
            on(url.as_str())
        };
        Examined::of(&with(Some("T7kXw0ZbQe")), 0).has("database", "ok", "PostgreSQL", "");
        let wrong = with(Some("Vh2MsR8uLd"));
        let examined = Examined::of(&wrong, 1);
        examined.finds(
            "database",
            "fail",
            "password authentication failed",
            "correct the user, the password",
        );
        wrong.run(&["doctor", "-o", "table"]).expect(1).hides("Vh2MsR8uLd");
        wrong.run(&["user", "list"]).refused(77, &["database.url", "password authentication failed"]);
        Examined::of(&with(None), 1).finds("database", "fail", "password", "correct the user, the password");
    });
}

both_backends! {
    async fn pending_migrations(backend: Backend) {
        let installation = strong(Installation::on(backend).await);
        Examined::of(&installation, 1).finds("schema", "fail", "migrations are pending, from 1 (users)", "run `svc migrate`");
    }

    async fn a_schema_of_a_newer_release(backend: Backend) {
        let installation = strong(Installation::migrated(backend).await);
        let columns = "description, success, checksum, execution_time";
        installation
            .execute(&format!(
                "INSERT INTO _sqlx_migrations (version, {columns}) \
                 SELECT 9999, {columns} FROM _sqlx_migrations WHERE version = 1"
            ))
            .await;
        let examined = Examined::of(&installation, 0);
        examined.finds("schema", "warn", "a newer release has applied 1 migration", "complete the upgrade");
        installation.run(&["migrate"]).refused(1, &["migration 9999", "a release as new as the database"]);
        installation.execute("DELETE FROM _sqlx_migrations WHERE version = 9999").await;
    }

    async fn a_signing_key_that_is_old_or_was_made_with_another_secret(backend: Backend) {
        let installation = strong(Installation::migrated(backend).await);
        installation.run(&["create-user", "--email", "ada@example.com", "--generate-password"]).expect(0);
        assert_eq!(Examined::of(&installation, 0).bad(), [] as [String; 0]);
        let past = SystemClock.now().minus(Duration::from_hours(200 * 24));
        installation.execute(&format!("UPDATE signing_keys SET activated_at = '{past}'")).await;
        Examined::of(&installation, 0).finds("signing_key", "warn", "active for 200 days", "svc key rotate");
        let other = installation.set("SVC_SECURITY__SECRET_KEY", "Wq3vNc8RzT5yLm1KxB7dGh4PfJs9Ua2E");
        Examined::of(&other, 1).finds("signing_key", "fail", "another secret key", "docs/secret-key.md");
    }

    async fn jobs_that_do_not_run(backend: Backend) {
        let installation = strong(Installation::migrated(backend).await);
        let past = SystemClock.now().minus(Duration::from_hours(3));
        installation.execute(&format!("INSERT INTO jobs (name, due_at) VALUES ('clean_events', '{past}')")).await;
        let examined = Examined::of(&installation, 0);
        examined.has("worker", "warn", "has been due since", "start `svc consume`");
        if backend == Backend::Sqlite {
            return assert_eq!(examined.bad(), ["worker warn"]);
        }
        // A server knows its connections.
        assert_eq!(examined.bad(), ["worker warn", "processes warn"]);
        examined.has("processes", "warn", "no process of the service is connected", "start `svc serve`");
        let serving = installation.serve_with(&["--no-worker"]);
        serving.ready().await;
        until(async || Examined::of(&installation, 0).bad() == ["worker warn"]).await;
        Examined::of(&installation, 0).has("processes", "ok", "1 process of the service is connected", "");
        let mut worker = installation.start_quietly(&["consume"], &[]);
        until(async || Examined::of(&installation, 0).bad().is_empty()).await;
        Examined::of(&installation, 0).has("processes", "ok", "2 processes of the service are connected", "");
        worker.kill().unwrap();
        worker.wait().unwrap();
    }

    async fn events_that_no_process_relays_or_handles(backend: Backend) {
        let installation = strong(Installation::migrated(backend).await);
        installation.run(&["create-user", "--email", "ada@example.com", "--generate-password"]).expect(0);
        let past = SystemClock.now().minus(Duration::from_mins(10));
        installation.execute(&format!("UPDATE outbox SET occurred_at = '{past}'")).await;
        let examined = Examined::of(&installation, 0);
        examined.finds("backlog", "warn", "1 event waits", "start `svc serve` or `svc consume`");
        // Relays, and handles nothing.
        let serving = installation.serve_with(&["--no-worker"]);
        serving.ready().await;
        let cure = "run `svc consume`, or more of them";
        until(async || Examined::of(&installation, 0).0.to_string().contains(cure)).await;
        Examined::of(&installation, 0).finds("backlog", "warn", "wait for handlers", cure);
        serving.terminate();
        serving.ended().expect(0);
    }
}

#[test]
fn an_encoding_that_is_not_utf8() {
    database::run(Backend::Postgres, async |backend| {
        let own = backend.own_database().await;
        let latin = format!("{}_latin", own.name().unwrap());
        let create = format!(
            "CREATE DATABASE {latin} ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        );
        own.execute(&create).await.unwrap();
        let mut url = Url::parse(&own.url()).unwrap();
        url.set_path(&latin);
        Examined::of(&on(url.as_str()), 1).finds("database", "fail", "LATIN1", "a database in UTF-8");
        own.execute(&format!("DROP DATABASE {latin}")).await.unwrap();
    });
}

#[test]
fn a_read_only_database() {
    database::run(Backend::Postgres, async |backend| {
        let database = backend.own_database().await;
        let name = database.name().unwrap();
        database
            .execute(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on"))
            .await
            .unwrap();
        let examined = Examined::of(&on(&database.url()), 1);
        examined.finds("database_writable", "fail", "read-only", "end the read-only mode");
        let reset =
            format!("BEGIN READ WRITE; ALTER DATABASE {name} RESET default_transaction_read_only; COMMIT");
        database.execute(&reset).await.unwrap();
    });
}

#[test]
fn missing_rights_and_more_connections_than_are_allowed() {
    database::run(Backend::Postgres, async |_| {
        with_role("LOGIN", "SELECT, INSERT, UPDATE", async |installation, _| {
            let examined = Examined::of(&installation, 1);
            examined.finds("database_rights", "fail", "DELETE on sessions", "GRANT");
        })
        .await;
        with_role("LOGIN CONNECTION LIMIT 5", "SELECT, INSERT, UPDATE, DELETE", async |installation, _| {
            let examined = Examined::of(&installation, 1);
            examined.finds(
                "connections",
                "fail",
                "1 × 8 wanted, 5 allowed (connection limit of the role)",
                "max_connections",
            );
        })
        .await;
        let database = Backend::Postgres.database().await;
        let installation = on(&database.url()).set("SVC_DATABASE__MAX_CONNECTIONS", "1000");
        Examined::of(&installation, 1).finds(
            "connections",
            "fail",
            "1 × 1005 wanted",
            "database.max_connections",
        );
    });
}

#[test]
fn partitions_that_end_soon() {
    database::run(Backend::Postgres, async |backend| {
        let database = backend.own_database().await;
        let installation = on(&database.url());
        Examined::of(&installation, 0).has("partitions", "ok", "with an end ends at 2", "");
        // As if nothing had divided them for years.
        let soon = "DO $$ DECLARE part text; soon text := lpad(to_hex(CAST(extract(epoch FROM now() \
             + interval '20 days') * 1000 AS bigint)), 12, '0') || repeat('0', 20); BEGIN \
             FOR part IN SELECT CAST(CAST(inhrelid AS regclass) AS text) FROM pg_inherits \
             WHERE inhparent = CAST('inbox' AS regclass) LOOP EXECUTE 'DROP TABLE ' || part; END LOOP; \
             EXECUTE format('CREATE TABLE inbox_a PARTITION OF inbox FOR VALUES FROM (MINVALUE) TO (%L)', soon); \
             EXECUTE format('CREATE TABLE inbox_b PARTITION OF inbox FOR VALUES FROM (%L) TO (MAXVALUE)', soon); \
             END $$";
        database.execute(soon).await.unwrap();
        Examined::of(&installation, 0).finds("partitions", "warn", "of inbox", "svc migrate");
        database.execute("DROP TABLE audit_future").await.unwrap();
        Examined::of(&installation, 0).finds("partitions", "warn", "audit has no partition", "svc migrate");
        installation.run(&["migrate"]).expect(0);
        Examined::of(&installation, 0).has("partitions", "ok", "with an end ends at 2", "");
    });
}

#[test]
fn a_pooler_in_transaction_mode() {
    let program = match pgbouncer::look() {
        Ok(program) => program,
        Err(missing) => return environment::skip(missing),
    };
    database::run(Backend::Postgres, async |backend| {
        let database = backend.database().await;
        let bouncer = PgBouncer::start(&program, &database.url(), Mode::Transaction, 2).await;
        let installation = on(&bouncer.url());
        Examined::of(&installation, 1).finds("database", "fail", "transaction", "database.direct_url");
        let named = installation.set("SVC_DATABASE__POOLER", "transaction");
        Examined::of(&named, 0).finds("pooler", "warn", "direct_url is not set", "set database.direct_url");
        let direct = named.set("SVC_DATABASE__DIRECT_URL", &database.url());
        assert_eq!(Examined::of(&direct, 0).bad(), [] as [String; 0]);
    });
}

#[test]
fn a_clock_that_is_off_by_a_minute() {
    let Some(library) = environment::faketime() else {
        return environment::skip("faketime is not installed");
    };
    database::run(Backend::Postgres, async |backend| {
        let database = backend.database().await;
        let installation = on(&database.url()).set("LD_PRELOAD", library.to_str().unwrap());
        for (off, code, state) in
            [("+60", 1, "fail"), ("-60", 1, "fail"), ("+20", 0, "warn"), ("+0", 0, "ok")]
        {
            let ran = installation.run_with(&["doctor", "-o", "json"], "", &[("FAKETIME", off)]).expect(code);
            let examined = Examined(ran.json());
            let cure = if state == "ok" { "" } else { "synchronize the clocks" };
            examined.has("clock", state, "s between this machine and the database", cure);
        }
    });
}
