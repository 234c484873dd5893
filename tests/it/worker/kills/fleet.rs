use std::net::SocketAddr;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::{JoinHandle, spawn_blocking};

use super::clients::Ledger;
use super::random;
use crate::support::client::Client;
use crate::support::ports::own_host;
use crate::support::process::{Installation, Serving};

/// The processes, each of which is restarted after it was killed.
pub struct Fleet {
    installation: Arc<Installation>,
    serving: Vec<(SocketAddr, Option<Serving>)>,
    consuming: Vec<Child>,
    worker: &'static str,
    pub kills: usize,
}

/// Kills one process after the other until it is stopped or dropped.
pub struct Killer {
    over: Arc<AtomicBool>,
    task: Option<JoinHandle<Fleet>>,
}

impl Fleet {
    pub fn start(installation: Arc<Installation>, serves: usize, consumes: usize) -> Self {
        let worker = if consumes == 0 { "--with-worker" } else { "--no-worker" };
        let host = own_host();
        let serving = (0..serves).map(|_| serve(&installation, (host, 0).into(), worker));
        let serving = serving.map(|serving| (serving.address, Some(serving))).collect();
        let consuming = (0..consumes).map(|_| installation.start_quietly(&["consume"], &[])).collect();
        Self { installation, serving, consuming, worker, kills: 0 }
    }

    pub fn clients(&self) -> Vec<Client> {
        self.serving.iter().map(|(address, _)| Client::new(*address)).collect()
    }

    pub const fn processes(&self) -> usize {
        self.serving.len() + self.consuming.len()
    }

    /// Kills one process and restarts it in its role.
    fn strike(&mut self) {
        let victim = random(self.processes());
        self.kills += 1;
        if let Some((address, serving)) = self.serving.get_mut(victim) {
            serving.take().unwrap().kill();
            *serving = Some(serve(&self.installation, *address, self.worker));
        } else {
            let child = &mut self.consuming[victim - self.serving.len()];
            child.kill().unwrap();
            child.wait().unwrap();
            *child = self.installation.start_quietly(&["consume"], &[]);
        }
    }
}

fn serve(installation: &Installation, address: SocketAddr, worker: &str) -> Serving {
    installation.start_serving(&["serve", "--set", &format!("server.listen={address}"), worker])
}

impl Killer {
    /// Pauses before each kill, for `pause` to three times as long, and until another account is known: on a
    /// slow machine no process would live long enough to make one.
    pub fn start(mut fleet: Fleet, ledger: Arc<Ledger>, pause: Duration) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let is_over = over.clone();
        let task = spawn_blocking(move || {
            let mut known = 0;
            loop {
                std::thread::sleep(pause + pause * u32::try_from(random(100)).unwrap() / 50);
                while ledger.known().len() == known && !is_over.load(Ordering::SeqCst) {
                    std::thread::sleep(Duration::from_millis(10));
                }
                if is_over.load(Ordering::SeqCst) {
                    return fleet;
                }
                known = ledger.known().len();
                fleet.strike();
            }
        });
        Self { over, task: Some(task) }
    }

    pub async fn end(mut self) -> Fleet {
        self.over.store(true, Ordering::SeqCst);
        self.task.take().unwrap().await.unwrap()
    }
}

impl Drop for Killer {
    /// If a client panics, the runtime would wait without end.
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        for child in &mut self.consuming {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
