use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::support::process::{Installation, finish, signal, until};
use crate::support::{Backend, both_backends, database};

both_backends! {
    async fn a_restart_loses_nothing(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        installation.run(&["create-user", "--email", "ada@example.com", "--generate-password"]).expect(0);
        for _ in 0..2 {
            let serving = installation.serve();
            serving.ready().await;
            serving.terminate();
            serving.ended().expect(0);
        }
        assert_eq!(installation.texts("SELECT email FROM users").await, ["ada@example.com"]);
        assert_eq!(installation.texts("SELECT status FROM signing_keys").await, ["active"]);
    }
}

#[tokio::test]
async fn an_empty_folder_and_an_empty_environment_are_enough() {
    let installation = Installation::default();
    let serving = installation.serve();
    serving.ready().await;
    let metadata = serving.client.get("/.well-known/oauth-authorization-server", None).await.expect(200);
    assert_eq!(metadata["issuer"], format!("http://{}", serving.address));
    let line = serving.log().iter().find(|line| line.contains("\"serving\"")).unwrap();
    assert!(line.contains(&format!("\"docs\":\"http://{}/docs\"", serving.address)), "{line}");
    serving.terminate();
    serving.ended().expect(0);

    let mode = |name: &str| installation.path(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("data"), 0o700);
    for file in std::fs::read_dir(installation.path("data")).unwrap() {
        let name = file.unwrap().file_name();
        assert_eq!(mode(&format!("data/{}", name.display())), 0o600, "{}", name.display());
    }
    assert!(installation.path("data/svc.db").is_file() && installation.path("data/secret.key").is_file());
}

#[tokio::test]
async fn two_processes_with_default_settings_run_beside_each_other() {
    let installation = Installation::default().patient();
    let mut serving = installation.serve();
    let metrics = serving.logged(r#""message":"metrics listener opened""#);
    let mut consumer = installation.start(&["consume"]);
    let mut lines = BufReader::new(consumer.stderr.take().unwrap()).lines().map(Result::unwrap);
    // Until then it does not listen for signals either.
    let other = lines.find(|line| line.contains(r#""message":"metrics listener opened""#));
    let other: Value = serde_json::from_str(&other.expect("the consumer has metrics too")).unwrap();
    assert_ne!(other["listen"], metrics["listen"]);
    let ada = json!({ "email": "ada@example.com", "password": "correct horse battery" });
    serving.client.post("/api/v1/auth/register", &ada).await.expect(201);
    until(async || installation.texts("SELECT type FROM audit").await.len() == 1).await;
    signal(consumer.id(), "TERM");
    let worked: Vec<String> = lines.collect();
    finish(consumer).expect(0);
    serving.terminate();
    let served = serving.ended().expect(0);
    for log in [worked.join("\n"), served.stderr] {
        assert!(!log.contains("WARN"), "{log}");
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let installation = Installation::default().set("SVC_SERVER__LISTEN", &address);
    let ran =
        installation.run(&["serve"]).refused(1, &["server.listen", &address, "in use", "set another port"]);
    assert!(ran.stderr.contains("set by: environment variable SVC_SERVER__LISTEN"), "{ran:?}");
    assert!(!installation.path("data").exists(), "nothing was made");
}

#[test]
fn the_schema_of_a_server_is_not_changed_and_the_service_waits_for_it() {
    database::run(Backend::Postgres, |backend| async move {
        let installation = Installation::on(backend).await;
        let serving = installation.serve();
        let problem = serving.client.get("/health/ready", None).await.expect(503);
        assert!(problem["detail"].as_str().unwrap().contains("database: migrations_pending"), "{problem}");
        serving.client.get("/health/live", None).await.expect(200);
        installation.run(&["migrate"]).expect(0);
        serving.ready().await;
    });
}

#[tokio::test]
async fn an_embedded_schema_is_not_changed_if_so_configured() {
    let installation = Installation::default().patient();
    let serving = installation.serve_with(&["--no-migrate"]);
    let problem = serving.client.get("/health/ready", None).await.expect(503);
    assert!(problem["detail"].as_str().unwrap().contains("database: migrations_pending"), "{problem}");
    installation.run(&["migrate"]).expect(0);
    serving.ready().await;
}

#[tokio::test]
async fn a_client_that_disconnects_before_the_answer_is_logged() {
    // A password takes so long that the client disconnects before.
    let slow = Installation::default().patient().set("SVC_SECURITY__PASSWORD__MEMORY_KIB", "65536");
    let installation = slow.set("SVC_SECURITY__PASSWORD__ITERATIONS", "20");
    let mut serving = installation.serve();
    serving.ready().await;
    let mut client = TcpStream::connect(serving.address).unwrap();
    let body = r#"{"email": "ada@example.com", "password": "correct horse"}"#;
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nhost: svc\r\ncontent-type: application/json\r\nexpect: 100-continue";
    write!(client, "{head}\r\ncontent-length: {}\r\n\r\n", body.len()).unwrap();
    // A request that has not begun leaves no line. `100 Continue` shows that it has.
    let mut interim = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    client.read_exact(&mut interim).unwrap();
    client.write_all(body.as_bytes()).unwrap();
    drop(client);
    let line = serving.logged("abandoned");
    assert_eq!((&line["method"], &line["path"]), (&"POST".into(), &"/api/v1/auth/login".into()), "{line}");
    assert!(
        line["request_id"].is_string() && line["duration_ms"].is_f64() && line["client"] == "127.0.0.1",
        "{line}"
    );
}
