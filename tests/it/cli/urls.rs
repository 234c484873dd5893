//! The URLs of the database, the cache, the queue and the mail server: which ones are refused, and IPv6
//! addresses.

use std::net::{Ipv6Addr, SocketAddr};

use serde_json::json;
use svc::tasks::Tasks;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use crate::support::app::PASSWORD;
use crate::support::process::{Installation, until};
use crate::support::redis::RedisServer;
use crate::support::smtp::{Manner, SmtpServer};
use crate::support::{App, Backend, environment, rabbit, redis};

const DATABASE: &str = "SVC_DATABASE__URL";
const CACHE: &str = "SVC_CACHE__URL";
const QUEUE: &str = "SVC_QUEUE__URL";
const MAIL: &str = "SVC_MAIL__URL";

#[test]
fn a_url_that_would_be_misread_is_refused_without_its_values() {
    for (variable, url, text) in [
        (DATABASE, "postgres://svc@db/svc?sslmod=hunter2", "did you mean sslmode?"),
        (DATABASE, "postgres://svc@db/svc?ssl_mode=hunter2", "did you mean sslmode?"),
        (DATABASE, "postgres://svc@db/svc?pasword=hunter2", "did you mean password?"),
        (DATABASE, "postgres://svc:hunter2@db/svc?sslmode=verify-ful", "did you mean verify-full?"),
        (
            DATABASE,
            "postgres://svc:hunter2@db/svc?target_session_attr=any",
            "did you mean target_session_attrs?",
        ),
        (DATABASE, "postgres://svc:hunter2@/svc", "no host"),
        (DATABASE, "postgres://svc:hunter2@::1/svc", "write it as [::1]"),
        (CACHE, "redis://:hunter2@cache?protocol=hunter2", "unknown parameter protocol"),
        (CACHE, "redis://:hunter2@", "no host"),
        (CACHE, "redis://:hunter2@a,b", "redis+sentinel://"),
        (CACHE, "redis+cluster://:hunter2@a,b", "Redis Cluster"),
        (CACHE, "redis+sentinel://a/main?sentinel_pasword=hunter2", "did you mean sentinel_password?"),
        (QUEUE, "amqp://svc:hunter2@broker/svc?heartbeat=hunter2", "unknown parameter heartbeat"),
        (QUEUE, "amqp://svc:hunter2@/svc", "no host"),
        (MAIL, "smtp://svc:hunter2@relay?tsl=hunter2", "did you mean tls?"),
        (MAIL, "smtp://svc:hunter2@relay?tls=requird", "did you mean required?"),
    ] {
        let installation = Installation::default().set(variable, url);
        for arguments in [&["config", "check"][..], &["serve", "--set", "server.listen=127.0.0.1:0"]] {
            installation.run(arguments).refused(78, &[text, variable]).hides("hunter2");
        }
        installation.run(&["config", "show"]).hides("hunter2");
    }
}

/// Relays everything from a port on `::1` to a server on the other loopback address, until the runtime ends.
async fn before(server: SocketAddr, tasks: &Tasks) -> u16 {
    let listener = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let inner = tasks.clone();
    tasks.spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            inner.spawn(async move {
                let mut server = TcpStream::connect(server).await.unwrap();
                let _ = copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    port
}

/// Returns the URL with `[::1]` as its host.
fn in_brackets(url: &str, port: u16) -> String {
    let mut url = Url::parse(url).unwrap();
    url.set_host(Some("[::1]")).unwrap();
    url.set_port(Some(port)).unwrap();
    url.into()
}

#[test]
fn a_url_with_brackets_reaches_each_server_on_the_ipv6_loopback() {
    rabbit::run(async |broker| {
        if TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await.is_err() {
            eprintln!("this machine has no IPv6 loopback");
            return;
        }
        if let Err(missing) = redis::look_for_program() {
            return environment::skip(missing);
        }
        let database = Backend::Postgres.own_database().await;
        let database_url = Url::parse(&database.url()).unwrap();
        let database_port = database_url.port().unwrap_or(5432);
        if TcpStream::connect((Ipv6Addr::LOCALHOST, database_port)).await.is_err() {
            return environment::skip("no PostgreSQL on ::1");
        }
        let (cache, mails, tasks) =
            (RedisServer::start().await, SmtpServer::on_ipv6(Manner::Takes).await, Tasks::default());
        let server = Url::parse(&broker.url).unwrap().socket_addrs(|| Some(5672)).unwrap()[0];
        let queue = in_brackets(&broker.url, before(server, &tasks).await);
        let installation = Installation::default()
            .patient()
            .set("SVC_SERVER__METRICS_LISTEN", "off")
            .set("SVC_DATABASE__MAX_CONNECTIONS", "3")
            .set("SVC_SECURITY__SECRET_KEY", "0123456789abcdefghijklmnopqrstuvwxyz")
            .set(DATABASE, &in_brackets(database_url.as_str(), database_port))
            .set(CACHE, &format!("redis://[::1]:{}/1", cache.port()))
            .set("SVC_CACHE__TIMEOUT", "10s")
            .set("SVC_QUEUE__NAMESPACE", &broker.name)
            .set(QUEUE, &queue)
            .set(MAIL, &mails.url);
        assert!(mails.url.starts_with("smtp://[::1]:"), "{}", mails.url);
        let serving = installation.serve_with(&["--no-worker"]);
        until(async || {
            let ready = serving.client.get("/health/ready", None).await;
            ready.status == 200
                && ready.json()["checks"].as_array().unwrap().iter().all(|check| check["state"] == "up")
        })
        .await;
        let mut worker = installation.start_quietly(&["consume"], &[]);
        let email = App::address();
        let ada = json!({ "email": email, "password": PASSWORD });
        serving.client.post("/api/v1/auth/register", &ada).await.expect(201);
        until(async || !mails.taken().is_empty()).await;
        assert_eq!(mails.taken()[0].to, email);
        worker.kill().unwrap();
        worker.wait().unwrap();
    });
}
