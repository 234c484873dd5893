use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use crate::support::process::Installation;
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

#[test]
fn a_port_that_is_taken_is_named() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let installation = Installation::default().set("SVC_SERVER__LISTEN", &address);
    let ran = installation.run(&["serve"]).refused(1, &["server.listen", &address, "in use"]);
    assert!(ran.stderr.contains("set by: environment variable SVC_SERVER__LISTEN"), "{ran:?}");
    assert!(!installation.path("data").exists(), "nothing was made");
}

#[test]
fn a_server_s_schema_is_not_touched_and_the_service_waits_for_it() {
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
async fn an_embedded_schema_is_left_alone_when_asked() {
    let installation = Installation::default();
    let serving = installation.serve_with(&["--no-migrate"]);
    let problem = serving.client.get("/health/ready", None).await.expect(503);
    assert!(problem["detail"].as_str().unwrap().contains("database: migrations_pending"), "{problem}");
    installation.run(&["migrate"]).expect(0);
    serving.ready().await;
}
