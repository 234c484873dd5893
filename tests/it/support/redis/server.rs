use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use deadpool_redis::redis::cmd;
use tempfile::TempDir;

use super::Redis;
use crate::support::folder;
use crate::support::ports::free_port;
use crate::support::process::{signal, within};

/// How many ports are tried: another process may take a port before the server does.
const PORTS: usize = 10;

/// A server for one test, killed when it is dropped. It stores nothing on disk unless [`save`](Self::save) is
/// called.
pub struct RedisServer {
    /// Sends commands to it.
    pub redis: Redis,
    port: u16,
    folder: TempDir,
    /// Arguments in addition to those of every server.
    arguments: &'static [&'static str],
    /// `None` while it is not running.
    child: Mutex<Option<Child>>,
}

/// Returns what is missing if there is no program to start.
pub fn look() -> Result<(), &'static str> {
    let version = Command::new("redis-server").arg("--version").stdout(Stdio::null()).status();
    version.map(drop).map_err(|_| "no redis-server to start")
}

impl RedisServer {
    /// Starts an empty server.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts an empty server with these additional arguments.
    pub async fn start_with(arguments: &'static [&'static str]) -> Self {
        for _ in 0..PORTS {
            let port = free_port();
            let server = Self {
                redis: Redis { url: format!("redis://127.0.0.1:{port}") },
                port,
                folder: folder::new(),
                arguments,
                child: Mutex::default(),
            };
            if server.runs().await {
                return server;
            }
        }
        panic!("redis-server ends as soon as it is started, on {PORTS} ports");
    }

    /// Starts it at the same port, with its data as of the last save.
    pub async fn start_again(&self) {
        assert!(self.runs().await, "another process took port {}", self.port);
    }

    /// Starts it. Returns false if another server has the port.
    async fn runs(&self) -> bool {
        let port = self.port.to_string();
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "-::1", "--port", &port, "--save", "", "--appendonly", "no"])
            .args(self.arguments)
            .arg("--dir")
            .arg(self.folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let own = child.id().to_string();
        *self.child.lock().unwrap() = Some(child);
        // Until it listens and has loaded its data.
        within(async {
            while !self.ended() {
                // While it loads its data it refuses PING, but not INFO.
                let loaded = self.redis.ask::<String>(&cmd("PING")).await.is_ok();
                if let Ok(info) = self.redis.ask::<String>(cmd("INFO").arg("server")).await
                    && loaded
                {
                    return info.lines().any(|line| line.strip_prefix("process_id:") == Some(&own));
                }
                pause().await;
            }
            false
        })
        .await
    }

    fn ended(&self) -> bool {
        let mut child = self.child.lock().unwrap();
        child.as_mut().is_none_or(|child| child.try_wait().unwrap().is_some())
    }

    /// Writes its data to disk.
    pub async fn save(&self) {
        self.redis.tell::<()>(&cmd("SAVE")).await;
    }

    /// Kills it.
    pub fn kill(&self) {
        if let Some(mut child) = self.child.lock().unwrap().take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Stops the process, with its connections open.
    pub fn freeze(&self) {
        signal(self.process(), "STOP");
    }

    /// Continues the process.
    pub fn thaw(&self) {
        signal(self.process(), "CONT");
    }

    /// Changes a setting while it runs.
    pub async fn set(&self, name: &str, value: &str) {
        self.redis.tell::<()>(cmd("CONFIG").arg("SET").arg(name).arg(value)).await;
    }

    /// Returns its port, on either loopback address.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Makes it a read-only replica of another server, or of `NO ONE`.
    pub async fn follow(&self, host: &str, port: &str) {
        self.redis.tell::<()>(cmd("REPLICAOF").arg(host).arg(port)).await;
    }

    fn process(&self) -> u32 {
        self.child.lock().unwrap().as_ref().expect("it is not running").id()
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// There is no signal that a server has begun to listen.
async fn pause() {
    tokio::time::sleep(Duration::from_millis(5)).await;
}
