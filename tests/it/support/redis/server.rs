use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use deadpool_redis::redis::{Value, cmd};
use tempfile::TempDir;

use super::Redis;
use crate::support::process::{signal, within};

/// Below those that systems give to whoever asks for any port, so that this one stays free while nobody listens.
const PORTS: std::ops::Range<u16> = 21_000..29_000;

/// A server of one test's own, killed when it is dropped. It keeps nothing on disk unless it is told to.
pub struct RedisServer {
    /// Asks it.
    pub redis: Redis,
    port: u16,
    folder: TempDir,
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
        let port = free_port();
        let server = Self {
            redis: Redis { url: format!("redis://127.0.0.1:{port}") },
            port,
            folder: tempfile::tempdir().unwrap(),
            child: Mutex::default(),
        };
        server.start_again().await;
        server
    }

    /// Starts it where it was, with what it had when it was saved.
    pub async fn start_again(&self) {
        let port = self.port.to_string();
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port, "--save", "", "--appendonly", "no"])
            .arg("--dir")
            .arg(self.folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        *self.child.lock().unwrap() = Some(child);
        // Until it listens and has read what was saved.
        let answers = async || self.redis.ask::<Value>(&cmd("PING")).await.is_ok();
        within(async {
            while !answers().await {
                pause().await;
            }
        })
        .await;
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

/// One that nobody in this process has asked for and nobody listens at. Processes that run at once begin at
/// different ones.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let begin = u16::try_from(std::process::id() * 37 % u32::from(PORTS.end - PORTS.start)).unwrap();
    loop {
        let offset = begin.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % (PORTS.end - PORTS.start);
        let port = PORTS.start + offset;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
