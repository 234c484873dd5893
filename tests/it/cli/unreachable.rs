//! Databases that a command cannot connect to: each command reports why, with an exit code that a script can
//! distinguish.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::support::pgbouncer::{self, Mode, PgBouncer};
use crate::support::process::{Installation, until};
use crate::support::refusing::Refusing;
use crate::support::{Backend, database, environment};

const SERVE: [&str; 5] = ["serve", "--wait", "0", "--set", "server.listen=127.0.0.1:0"];

/// Sets up time limits for a busy machine.
fn on(url: &str) -> Installation {
    Installation::default().patient().set("SVC_SERVER__METRICS_LISTEN", "off").set("SVC_DATABASE__URL", url)
}

/// Sets a short time limit where a retry may help.
fn soon(installation: Installation, code: i32) -> Installation {
    if code == 69 { installation.set("SVC_DATABASE__ACQUIRE_TIMEOUT", "5s") } else { installation }
}

/// Starts a server that answers each client with these bytes and closes the connection.
fn answering(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        while let Ok((mut client, _)) = listener.accept() {
            let mut asked = [0; 8];
            if client.read_exact(&mut asked).is_ok() {
                let _ = client.write_all(bytes);
            }
        }
    });
    format!("postgres://svc:hunter2@{address}/svc")
}

/// PgBouncer has one code for all of its errors and for those that it passes on.
#[test]
fn what_a_server_says_to_a_log_in_decides_the_exit_code_and_the_cure() {
    for (code, text, exit, cure) in [
        ("28P01", "password authentication failed for user \"svc\"", 77, "correct the user and the password"),
        ("28000", "no pg_hba.conf entry for host \"192.0.2.1\"", 77, "pg_hba.conf)"),
        ("42501", "permission denied for database \"svc\"", 77, "GRANT CONNECT ON DATABASE"),
        ("3D000", "database \"svc\" does not exist", 78, "create it, or correct the name"),
        ("53300", "sorry, too many clients already", 69, "raise max_connections of PostgreSQL"),
        ("57P03", "the database system is starting up", 69, "starting up"),
        ("08P01", "no such database: svc", 78, "[databases] of PgBouncer"),
        ("08P01", "no such user: svc", 77, "auth_file of PgBouncer"),
        ("08P01", "unsupported startup parameter: geqo", 78, "ignore_startup_parameters"),
        ("08P01", "password authentication failed for user \"svc\"", 77, "correct the user and the password"),
    ] {
        let ran = soon(on(&Refusing::with(code, text).url), exit).run(&["event", "stats"]);
        ran.refused(exit, &["database.url: postgres://svc:****@", text, cure]).hides("hunter2");
    }
}

#[test]
fn the_cause_is_named_and_decides_the_exit_code() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (url, code, text) in [
        (format!("postgres://svc:hunter2@{closed}/svc"), 69, "nothing listens at the address"),
        (answering(b""), 69, "closed before PostgreSQL answered"),
        (answering(b"") + "?sslmode=disable", 69, "closed before PostgreSQL answered"),
        (answering(b"HTTP/1.1 400 Bad Request\r\n\r\n"), 78, "is not PostgreSQL"),
        (answering(b"N") + "?sslmode=require", 78, "the server has no TLS, which sslmode requires"),
    ] {
        let installation = soon(on(&url), code);
        for arguments in [&["migrate"][..], &["migrate", "status"], &["event", "stats"], &SERVE] {
            let ran = installation.run(arguments);
            assert!(!ran.stderr.contains("SSLRequest"), "{}", ran.stderr);
            ran.refused(code, &["database.url: postgres://svc:****@", text]).hides("hunter2");
        }
    }
}

/// Makes a role and a database of its own on the server.
async fn with_role(options: &str, test: impl AsyncFnOnce(Installation, &crate::support::TestDatabase, &str)) {
    let database = Backend::Postgres.own_database().await;
    let role = format!("{}_role", database.name().unwrap());
    database
        .execute(&format!(
            "CREATE ROLE {role} {options}; GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}; \
        GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}"
        ))
        .await
        .unwrap();
    let mut url = url::Url::parse(&database.url()).unwrap();
    url.set_username(&role).unwrap();
    test(on(url.as_str()), &database, &role).await;
    database.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await.unwrap();
}

#[test]
fn a_role_whose_log_in_fails_is_named() {
    database::run(Backend::Postgres, async |_| {
        with_role("NOLOGIN", async |installation, _, _| {
            for arguments in [&["migrate"][..], &["event", "stats"], &SERVE] {
                installation
                    .run(arguments)
                    .refused(77, &["database.url: ", "not permitted to log in", "CREATE ROLE"]);
            }
        })
        .await;
        with_role("LOGIN CONNECTION LIMIT 0", async |installation, _, _| {
            let cure = "ALTER ROLE … CONNECTION LIMIT";
            soon(installation, 69)
                .run(&["event", "stats"])
                .refused(69, &["database.url: ", "too many connections", cure]);
        })
        .await;
    });
}

#[test]
fn the_direct_url_is_named_if_it_is_the_one_that_fails() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (url, code) in [
        (format!("postgres://svc:hunter2@{closed}/svc"), 69),
        (answering(b"HTTP/1.1 400 Bad Request\r\n\r\n"), 78),
    ] {
        let installation = on("postgres://svc@127.0.0.1:1/other").set("SVC_DATABASE__DIRECT_URL", &url);
        let ran = installation.run(&["migrate"]);
        assert!(!ran.stderr.contains("database.url"), "{}", ran.stderr);
        ran.refused(code, &["database.direct_url: postgres://svc:****@", "`direct_url` under [database]"])
            .hides("hunter2");
    }
}

#[test]
fn a_certificate_that_is_not_trusted_is_named() {
    database::run(Backend::Postgres, async |backend| {
        let database = backend.database().await;
        if database.texts("SHOW ssl").await != ["on"] {
            return environment::skip("PostgreSQL here has no certificate");
        }
        let mut url = url::Url::parse(&database.url()).unwrap();
        url.set_query(Some("sslmode=verify-full"));
        for arguments in [&["migrate"][..], &["event", "stats"], &SERVE] {
            on(url.as_str())
                .run(arguments)
                .refused(78, &["database.url: ", "certificate is not trusted", "sslrootcert"]);
        }
    });
}

#[test]
fn a_cause_is_named_through_a_pooler_too() {
    let program = match pgbouncer::look() {
        Ok(program) => program,
        Err(missing) => return environment::skip(missing),
    };
    database::run(Backend::Postgres, |backend| async move {
        let database = backend.database().await;
        let bouncer = PgBouncer::start(&program, &database.url(), Mode::Session, 5).await;
        let mut url = url::Url::parse(&bouncer.url()).unwrap();
        url.set_path("absent_database");
        on(url.as_str())
            .run(&["event", "stats"])
            .refused(78, &["database.url: ", "\"absent_database\" does not exist", "create it"]);
    });
}

#[test]
fn a_service_whose_log_in_fails_reports_it_and_is_ready_once_it_succeeds() {
    database::run(Backend::Postgres, async |_| {
        with_role("NOLOGIN", async |installation, database, role| {
            let mut serving = installation.serve();
            let line = serving.logged("not ready: failed to prepare the signing key");
            assert!(line["reason"].as_str().unwrap().contains("not permitted to log in"), "{line}");
            let ready = serving.client.get("/health/ready", None).await.expect(503);
            assert!(
                ready["detail"].as_str().unwrap().starts_with("Not ready. database: login_refused"),
                "{ready}"
            );
            database.execute(&format!("ALTER ROLE {role} LOGIN")).await.unwrap();
            serving.ready().await;
            serving.terminate();
            serving.ended().expect(0);
            until(async || {
                database
                    .texts(&format!("SELECT pid::text FROM pg_stat_activity WHERE usename = '{role}'"))
                    .await
                    .is_empty()
            })
            .await;
        })
        .await;
    });
}
