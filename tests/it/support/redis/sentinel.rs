use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use deadpool_redis::redis::cmd;
use tempfile::TempDir;

use super::{Redis, RedisServer};
use crate::support::folder;
use crate::support::ports::free_port;
use crate::support::process::{until, within};

/// The name that it gives the master.
const MASTER: &str = "main";

/// A Sentinel for one test, killed when it is dropped. It decides alone.
pub struct Sentinel {
    /// Sends commands to it.
    pub redis: Redis,
    port: u16,
    child: Child,
    /// Takes connections, and answers nothing.
    silent: TcpListener,
    /// Where it stores its state.
    _folder: TempDir,
}

impl Sentinel {
    /// Starts one that monitors a master and its replica, after the replica has synchronized.
    pub async fn watching(master: &RedisServer, copy: &RedisServer) -> Self {
        // The first replica need not wait for others.
        master.set("repl-diskless-sync-delay", "0").await;
        copy.follow("127.0.0.1", &master.port().to_string()).await;
        until(async || {
            let info: String = copy.redis.tell(cmd("INFO").arg("replication")).await;
            info.contains("master_link_status:up")
        })
        .await;
        let (folder, port) = (folder::new(), free_port());
        let settings = folder.path().join("sentinel.conf");
        let text = format!(
            "port {port}\nbind 127.0.0.1\nsentinel monitor {MASTER} 127.0.0.1 {} 1\n\
             sentinel down-after-milliseconds {MASTER} 500\nsentinel failover-timeout {MASTER} 5000\n",
            master.port()
        );
        std::fs::write(&settings, text).unwrap();
        let child = Command::new("redis-server")
            .arg(&settings)
            .arg("--sentinel")
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let redis = Redis { url: format!("redis://127.0.0.1:{port}") };
        let sentinel =
            Self { redis, port, child, silent: TcpListener::bind("127.0.0.1:0").unwrap(), _folder: folder };
        let known = format!(":{}", copy.port());
        until(async || {
            let ask = cmd("SENTINEL").arg("REPLICAS").arg(MASTER).take();
            let replicas = within(sentinel.redis.ask::<Vec<Vec<String>>>(&ask)).await;
            replicas.is_ok_and(|replicas| {
                replicas.iter().any(|replica| replica.iter().any(|value| value.ends_with(&known)))
                    && replicas.iter().flatten().any(|value| value == "ok")
            })
        })
        .await;
        sentinel
    }

    /// Returns the value for `cache.url`, with two Sentinels before this one: the port of one is closed, and
    /// the other one never answers.
    pub fn url(&self) -> String {
        let (closed, silent) = (free_port(), self.silent.local_addr().unwrap());
        format!("redis+sentinel://127.0.0.1:{closed},{silent},127.0.0.1:{}/{MASTER}", self.port)
    }

    /// Makes it forget everything, and monitor another master.
    pub async fn watch_only(&self, port: u16) {
        self.redis.tell::<()>(cmd("SENTINEL").arg("REMOVE").arg(MASTER)).await;
        let watch = cmd("SENTINEL").arg("MONITOR").arg(MASTER).arg("127.0.0.1").arg(port).arg(1).take();
        self.redis.tell::<()>(&watch).await;
    }

    /// Returns the port of the master.
    pub async fn master(&self) -> u16 {
        let ask = cmd("SENTINEL").arg("GET-MASTER-ADDR-BY-NAME").arg(MASTER).take();
        self.redis.tell::<(String, u16)>(&ask).await.1
    }
}

impl Drop for Sentinel {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
