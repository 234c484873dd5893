use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use deadpool_redis::redis::cmd;
use tempfile::TempDir;

use super::Redis;
use crate::support::ports::free_port;
use crate::support::process::{signal, within};

/// How many ports are tried: another process may take a port before the server does.
const PORTS: usize = 10;

/// A server of one test's own, killed when it is dropped. It keeps nothing on disk unless it is told to.
pub struct RedisServer {
    /// Asks it.
    pub redis: Redis,
    port: u16,
    folder: TempDir,
    /// Besides those that every server has.
    arguments: &'static [&'static str],
    /// `None` while it is not running.
    child: Mutex<Option<Child>>,
}

/// Says what is missing where there is no program to start.
pub fn look() -> Result<(), &'static str> {
    let version = Command::new("redis-server").arg("--version").stdout(Stdio::null()).status();
    version.map(drop).map_err(|_| "no redis-server to start")
}

impl RedisServer {
    /// An empty one.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same, with these arguments besides.
    pub async fn start_with(arguments: &'static [&'static str]) -> Self {
        for _ in 0..PORTS {
            let port = free_port();
            let server = Self {
                redis: Redis { url: format!("redis://127.0.0.1:{port}") },
                port,
                folder: tempfile::tempdir().unwrap(),
                arguments,
                child: Mutex::default(),
            };
            if server.runs().await {
                return server;
            }
        }
        panic!("redis-server ends as soon as it is started, on {PORTS} ports");
    }

    /// Starts it where it was, with what it had when it was saved.
    pub async fn start_again(&self) {
        assert!(self.runs().await, "another process took port {}", self.port);
    }

    /// Starts it. False when another server has the port.
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
        // Until it listens and has read what was saved.
        within(async {
            while !self.ended() {
                // While it reads what was saved it refuses a PING, and no INFO.
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

    /// Writes what it holds to its disk.
    pub async fn save(&self) {
        self.redis.tell::<()>(&cmd("SAVE")).await;
    }

    /// Ends it on the spot.
    pub fn kill(&self) {
        if let Some(mut child) = self.child.lock().unwrap().take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Stops it from running, with its connections open.
    pub fn freeze(&self) {
        signal(self.process(), "STOP");
    }

    /// Lets it run on.
    pub fn thaw(&self) {
        signal(self.process(), "CONT");
    }

    /// Changes a setting while it runs.
    pub async fn set(&self, name: &str, value: &str) {
        self.redis.tell::<()>(cmd("CONFIG").arg("SET").arg(name).arg(value)).await;
    }

    /// Where it listens, on either loopback address.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Makes it a read-only copy of another server, or `NO ONE`'s.
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

/// Nothing tells when a server has begun to listen.
async fn pause() {
    tokio::time::sleep(Duration::from_millis(5)).await;
}
