//! Databases that nobody can connect to: each command says why, and exits with what a script can tell apart.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::support::process::{Installation, until};
use crate::support::{Backend, database};

const SERVE: [&str; 5] = ["serve", "--wait", "0", "--set", "server.listen=127.0.0.1:0"];

fn on(url: &str) -> Installation {
    Installation::default()
        .set("SVC_DATABASE__ACQUIRE_TIMEOUT", "500ms")
        .set("SVC_SERVER__METRICS_LISTEN", "off")
        .set("SVC_DATABASE__URL", url)
}

/// Answers everyone who connects with these bytes, and goes away.
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

#[test]
fn the_cause_is_named_and_decides_the_exit_code() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (url, code, text) in [
        (format!("postgres://svc:hunter2@{closed}/svc"), 69, "nothing listens at the address"),
        (answering(b""), 69, "closed before PostgreSQL answered"),
        (answering(b"HTTP/1.1 400 Bad Request\r\n\r\n"), 78, "is not PostgreSQL"),
    ] {
        let installation = on(&url);
        for arguments in [&["migrate"][..], &["migrate", "status"], &["event", "stats"], &SERVE] {
            let ran = installation.run(arguments);
            assert!(!ran.stderr.contains("SSLRequest"), "{}", ran.stderr);
            ran.refused(code, &["database.url: postgres://svc:****@", text]).hides("hunter2");
        }
    }
}

/// A role and a database of its own on the server.
async fn with_role(
    options: &str,
    test: impl AsyncFnOnce(&Installation, &crate::support::TestDatabase, &str),
) {
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
    test(&on(url.as_str()), &database, &role).await;
    database.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await.unwrap();
}

#[test]
fn a_role_that_is_not_let_in_is_named() {
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
            installation.run(&["event", "stats"]).refused(69, &["database.url: ", "too many connections"]);
        })
        .await;
    });
}

#[test]
fn a_service_that_is_not_let_in_says_so_and_is_ready_as_soon_as_it_is() {
    database::run(Backend::Postgres, async |_| {
        with_role("NOLOGIN", async |installation, database, role| {
            let mut serving = installation.serve();
            let line = serving.logged("not ready: the signing key cannot be prepared");
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
