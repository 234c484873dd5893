//! A primary and its standby, which can replace it.

use std::path::PathBuf;

use sqlx::{Connection, PgConnection};

use super::private::{Server, as_user, init, new_folder, programs};
use crate::support::environment;
use crate::support::process::until;

/// Two servers for one test. They end when the value is dropped.
pub struct Pair {
    /// `None` after it has crashed.
    primary: Option<Server>,
    standby: Server,
    primary_port: u16,
}

/// Runs a test, or skips it if a program is missing.
pub fn run<F: Future<Output = ()>>(test: impl FnOnce(Pair) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        match programs().filter(|folder| folder.join("pg_basebackup").is_file()) {
            Some(programs) => test(Pair::start(programs).await).await,
            None => environment::skip("no initdb and pg_basebackup to make a standby with"),
        }
    });
}

impl Pair {
    async fn start(programs: PathBuf) -> Self {
        let (folder, user) = new_folder().unwrap();
        init(&programs, &folder, user).unwrap();
        let primary = Server::start(&programs, folder, user).await;
        let (folder, user) = new_folder().unwrap();
        let copied = as_user(user, programs.join("pg_basebackup"))
            .args(["-h", "127.0.0.1", "-p", &primary.port.to_string(), "-U", "postgres", "-R", "--no-sync"])
            .args(["--checkpoint=fast", "-D"])
            .arg(folder.path().join("data"))
            .output()
            .unwrap();
        assert!(copied.status.success(), "pg_basebackup: {}", String::from_utf8_lossy(&copied.stderr));
        let standby = Server::start(&programs, folder, user).await;
        let primary_port = primary.port;
        Self { primary: Some(primary), standby, primary_port }
    }

    /// Returns the port of the server that is the primary at first, and that of the other one.
    pub const fn ports(&self) -> [u16; 2] {
        [self.primary_port, self.standby.port]
    }

    /// Ends the primary as a crash does.
    pub fn crash_primary(&mut self) {
        self.primary = None;
    }

    /// Waits until the standby has everything that the primary has committed.
    pub async fn caught_up(&self) {
        until(async || {
            let behind = "SELECT count(*) FROM pg_stat_replication \
                WHERE replay_lsn IS NOT DISTINCT FROM pg_current_wal_lsn()";
            number(self.primary_port, behind).await == 1
        })
        .await;
    }

    /// Promotes the standby to primary.
    pub async fn promote(&self) {
        assert_eq!(number(self.standby.port, "SELECT count(*) FROM (SELECT pg_promote()) AS p").await, 1);
    }

    /// Runs a query on the server that was the standby.
    pub async fn standby_says(&self, sql: &'static str) -> i64 {
        number(self.standby.port, sql).await
    }
}

async fn number(port: u16, sql: &'static str) -> i64 {
    let url = url_of(port);
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let number = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    number
}

fn url_of(port: u16) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/postgres?sslmode=disable")
}
