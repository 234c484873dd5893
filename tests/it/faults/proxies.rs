//! Replicas behind the proxies of docs/deployment.md, with the configuration from that page.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::support::app::Login;
use crate::support::client::Client;
use crate::support::ports::{free_port, own_host};
use crate::support::process::{Installation, Serving, until};
use crate::support::{Backend, database, environment, folder};

const REPLICAS: usize = 3;
const CLIENTS: usize = 4;
/// How many answers there are between two restarts.
const ANSWERS: usize = 40;

/// A proxy that runs with an example of the documentation, killed when it is dropped.
struct Proxy {
    child: Child,
    client: Client,
    _folder: TempDir,
}

impl Proxy {
    /// Starts the proxy. `begin` and `end` enclose the example in the configuration. `listen` replaces its
    /// commented-out line.
    async fn start(
        program: &Path,
        mut example: String,
        arguments: &[&str],
        (begin, listen, end): (&str, &str, &str),
        replicas: &[SocketAddr],
    ) -> Self {
        let folder = folder::new();
        let port = free_port();
        for (documented, replica) in ["10.0.0.5:8000", "10.0.0.6:8000", "10.0.0.7:8000"].iter().zip(replicas)
        {
            assert!(example.contains(documented), "{documented} is not in the example");
            example = example.replace(documented, &replica.to_string());
        }
        let word = listen.trim_start().split(' ').next().unwrap();
        let comment = format!("    # {word} ");
        let (before, after) = example.split_once(&comment).expect("a comment where it listens");
        let (_, after) = after.split_once('\n').unwrap();
        let text = [begin, "\n", before, listen, "\n", after, end].concat();
        let text =
            text.replace("PORT", &port.to_string()).replace("FOLDER", &folder.path().display().to_string());
        let path = folder.path().join("proxy.conf");
        std::fs::write(&path, text).unwrap();
        let mut command = Command::new(program);
        command.args(arguments).arg(&path).stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.spawn().unwrap();
        let client = Client::new(([127, 0, 0, 1], port).into());
        let proxy = Self { child, client, _folder: folder };
        until(async || {
            let asked = proxy.client.request(Method::GET, "/health/ready").send().await;
            asked.is_ok_and(|answer| answer.status() == 200)
        })
        .await;
        proxy
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the block of docs/deployment.md in this language.
fn example(language: &str) -> String {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/deployment.md")).unwrap();
    let (_, block) = text.split_once(&format!("```{language}\n")).expect("an example");
    block.split_once("```").unwrap().0.to_owned()
}

fn serve(installation: &Installation, address: SocketAddr) -> Serving {
    installation.start_serving(&["serve", "--set", &format!("server.listen={address}")])
}

/// Restarts the replicas one by one while clients read through the proxy: every answer must be right.
async fn lose_nothing(proxy: &Proxy, installation: &Installation, mut replicas: Vec<Serving>) {
    let body = json!({ "email": "ada@example.com", "password": "correct horse battery" });
    proxy.client.post("/api/v1/auth/register", &body).await.expect(201);
    let login = Login::of(&proxy.client.post("/api/v1/auth/login", &body).await.expect(200));
    let (over, answers) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut readers = JoinSet::new();
    for _ in 0..CLIENTS {
        let (client, over, answers) = (proxy.client.clone(), over.clone(), answers.clone());
        let access = login.access.clone();
        readers.spawn(async move {
            while !over.load(Ordering::SeqCst) {
                let answer = client.get("/api/v1/users/me", Some(&access)).await;
                assert_eq!(answer.status, 200, "{:?}", answer.bytes);
                answers.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    for _ in 0..2 {
        for position in 0..replicas.len() {
            let enough = answers.load(Ordering::SeqCst) + ANSWERS;
            let reached = until(async || answers.load(Ordering::SeqCst) >= enough);
            // A reader ends only after a failure.
            tokio::select! {
                () = reached => {}
                failed = readers.join_next() => failed.unwrap().unwrap(),
            }
            let replica = replicas.remove(position);
            let address = replica.address;
            replica.terminate();
            replica.ended().expect(0);
            let replica = serve(installation, address);
            replica.ready().await;
            replicas.insert(position, replica);
        }
    }
    over.store(true, Ordering::SeqCst);
    while let Some(reader) = readers.join_next().await {
        reader.unwrap();
    }
}

fn behind(
    program: &'static str,
    arguments: &'static [&'static str],
    around: (&'static str, &'static str, &'static str),
) {
    database::run(Backend::Postgres, async |backend| {
        let Some(installed) = environment::program(program) else {
            return environment::skip("no nginx or haproxy to start");
        };
        let installation =
            Installation::migrated(backend).await.set("SVC_SERVER__PUBLIC_URL", "http://svc.test");
        let host = own_host();
        let replicas: Vec<_> = (0..REPLICAS).map(|_| serve(&installation, (host, 0).into())).collect();
        let addresses: Vec<_> = replicas.iter().map(|replica| replica.address).collect();
        let proxy = Proxy::start(&installed, example(program), arguments, around, &addresses).await;
        lose_nothing(&proxy, &installation, replicas).await;
    });
}

#[test]
fn a_rolling_restart_behind_nginx_loses_no_read() {
    let begin = "daemon off; master_process off; user root; pid FOLDER/pid; error_log stderr crit; events {}
        http { access_log off; client_body_temp_path FOLDER/1; proxy_temp_path FOLDER/2; fastcgi_temp_path FOLDER/3;
        uwsgi_temp_path FOLDER/4; scgi_temp_path FOLDER/5;";
    behind("nginx", &["-e", "stderr", "-c"], (begin, "listen 127.0.0.1:PORT;", "}"));
}

#[test]
fn a_rolling_restart_behind_haproxy_loses_no_read() {
    let begin = "defaults\n    timeout client 60s\n    timeout server 60s\n";
    behind("haproxy", &["-db", "-q", "-f"], (begin, "    bind 127.0.0.1:PORT", ""));
}
