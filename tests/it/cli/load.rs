//! Two replicas that serve while commands run beside them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::{join, join_all};

use crate::cli::user::{create, log_in};
use crate::support::app::Login;
use crate::support::process::{Installation, Ran, Serving};

/// The user of the load.
const BUSY: &str = "busy@example.com";

/// Two replicas on one database, and the commands beside them.
pub struct Replicas {
    pub installation: Arc<Installation>,
    pub both: [Serving; 2],
}

impl Replicas {
    /// Starts both, and creates the user of the load. They issue tokens in the same name.
    pub async fn start(installation: Installation) -> Self {
        let installation = installation.set("SVC_SERVER__PUBLIC_URL", "http://svc.test");
        let both = [installation.serve_with(&["--with-worker"]), installation.serve_with(&["--with-worker"])];
        for replica in &both {
            replica.ready().await;
        }
        create(&installation, BUSY, &[]);
        Self { installation: Arc::new(installation), both }
    }

    /// Runs a command while other tasks go on.
    pub async fn run(&self, arguments: &[&str], input: &str) -> Ran {
        let installation = self.installation.clone();
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let input = input.to_owned();
        let run = move || {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            installation.run_with_input(&arguments, &input)
        };
        tokio::task::spawn_blocking(run).await.unwrap()
    }

    /// Logs in on both replicas, again and again, until the work is done. Each log-in has to succeed. Returns
    /// the result of the work, and the log-ins.
    pub async fn under_load<T>(&self, work: impl Future<Output = T>) -> (T, Vec<Login>) {
        let is_over = AtomicBool::new(false);
        let loads = self.both.iter().map(async |replica| {
            let mut logins = Vec::new();
            while !is_over.load(Ordering::SeqCst) {
                logins.push(log_in(replica, BUSY).await);
            }
            logins
        });
        let work = async {
            let done = work.await;
            is_over.store(true, Ordering::SeqCst);
            done
        };
        let (done, logins) = join(work, join_all(loads)).await;
        (done, logins.concat())
    }

    /// Stops both.
    pub fn stop(self) {
        for replica in self.both {
            replica.terminate();
            replica.ended().expect(0);
        }
    }
}
