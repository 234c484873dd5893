use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use serde_json::Value;

use super::{NEVER, Ran, finish, signal};
use crate::support::client::Client;

/// Its log message when it accepts requests.
const SERVING: &str = r#""message":"serving""#;

/// A running `svc serve`, killed when it is dropped.
pub struct Serving {
    /// Sends requests to it.
    pub client: Client,
    /// The address on which it listens.
    pub address: SocketAddr,
    /// `None` after it was waited for.
    child: Option<Child>,
    lines: Receiver<String>,
    log: Vec<String>,
}

impl Serving {
    /// Starts the command, and waits for the log line with the address.
    pub(super) fn start(command: &mut Command) -> Self {
        let mut serving = Self::begin(command);
        let line = serving.logged(SERVING);
        serving.at(&line)
    }

    /// Starts the command; `None` if it ends before it accepts requests, for example because a crash is
    /// injected.
    pub(super) fn start_if_it_lives(command: &mut Command) -> Option<Self> {
        let serving = Self::begin(command);
        let line = serving.lines.iter().find(|line| line.contains(SERVING))?;
        let line = serde_json::from_str(&line).unwrap();
        Some(serving.at(&line))
    }

    fn begin(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (tell, lines) = mpsc::channel();
        std::thread::spawn(move || {
            // The test may have ended.
            stderr.lines().map_while(Result::ok).all(|line| tell.send(line).is_ok())
        });
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let (child, log) = (Some(child), Vec::new());
        Self { client: Client::new(nowhere), address: nowhere, child, lines, log }
    }

    /// Reads the address from this log line.
    fn at(mut self, line: &Value) -> Self {
        self.address = line["listen"].as_str().unwrap().parse().unwrap();
        if self.address.ip().is_unspecified() {
            self.address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        self.client = Client::new(self.address);
        self
    }

    /// Waits for a log line that contains this text.
    #[track_caller]
    pub fn logged(&mut self, text: &str) -> Value {
        loop {
            match self.lines.recv_timeout(NEVER) {
                Ok(line) => self.log.push(line),
                Err(error) => panic!("{text} was not logged ({error}):\n{}", self.log.join("\n")),
            }
            if let Some(line) = self.log.last().filter(|line| line.contains(text)) {
                return serde_json::from_str(line).unwrap();
            }
        }
    }

    /// Returns the log lines that were read so far.
    pub fn log(&self) -> &[String] {
        &self.log
    }

    /// Waits until it is ready.
    pub async fn ready(&self) {
        until(async || self.client.get("/health/ready", None).await.status == 200).await;
    }

    /// Asks it to stop.
    pub fn terminate(&self) {
        self.signal("TERM");
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        signal(self.child.as_ref().unwrap().id(), name);
    }

    /// Kills it, like a crash.
    pub fn kill(mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Waits until it ends.
    pub fn ended(mut self) -> Ran {
        let ran = finish(self.child.take().unwrap());
        self.log.extend(self.lines.iter());
        Ran { stderr: self.log.join("\n"), ..ran }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Waits until the condition holds, if there is no signal for it. Checks less and less often, up to every 50
/// ms: many tests wait at the same time, and each check costs processor time that the others need.
pub async fn until(is_so: impl AsyncFn() -> bool) {
    within(async {
        let mut pause = Duration::from_millis(2);
        while !is_so().await {
            tokio::time::sleep(pause).await;
            pause = (pause * 3 / 2).min(Duration::from_millis(50));
        }
    })
    .await;
}

/// Fails the test instead of letting it hang.
pub async fn within<T>(done: impl Future<Output = T>) -> T {
    tokio::time::timeout(NEVER, done).await.expect("it hangs")
}
