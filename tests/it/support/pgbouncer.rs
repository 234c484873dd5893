//! PgBouncer, the most common pooler for PostgreSQL.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;
use url::Url;

use super::environment::program;
use super::folder;
use super::ports::free_port;
use super::process::{UNPRIVILEGED, belongs_to_root, within};

/// How many ports are tried: another process may take a port before PgBouncer does.
const PORTS: usize = 10;

/// How long a connection keeps the same session of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Session,
    Transaction,
    Statement,
}

/// A PgBouncer for one test, killed when it is dropped.
pub struct PgBouncer {
    port: u16,
    folder: TempDir,
    /// A user other than root: PgBouncer refuses to run as root.
    user: Option<u32>,
    server: Url,
    running: Mutex<Option<Child>>,
}

/// Finds the program, or names what is missing.
pub fn look() -> Result<PathBuf, &'static str> {
    program("pgbouncer").ok_or("no pgbouncer to start")
}

impl PgBouncer {
    /// Starts one in front of the server of this database, with at most `sessions` sessions there for all
    /// clients together.
    pub async fn start(program: &Path, database: &str, mode: Mode, sessions: u32) -> Self {
        for _ in 0..PORTS {
            let folder = folder::new();
            let server = Url::parse(database).unwrap();
            let user = belongs_to_root(folder.path()).then_some(UNPRIVILEGED);
            let bouncer = Self { port: free_port(), folder, user, server, running: Mutex::default() };
            if bouncer.runs(program, mode, sessions).await {
                return bouncer;
            }
        }
        panic!("pgbouncer ends as soon as it is started, on {PORTS} ports");
    }

    /// Stops it, and starts it at the same address in another mode.
    pub async fn restart(&self, program: &Path, mode: Mode, sessions: u32) {
        self.kill();
        let runs = self.runs(program, mode, sessions).await;
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap();
        assert!(runs, "it does not start again: {log}");
    }

    /// Returns the URL of the database through PgBouncer.
    pub fn url(&self) -> String {
        let mut url = self.server.clone();
        url.set_ip_host([127, 0, 0, 1].into()).unwrap();
        url.set_port(Some(self.port)).unwrap();
        url.set_query(Some("sslmode=disable"));
        url.into()
    }

    /// Connects through PgBouncer, without parameters that it does not know.
    pub async fn connect(&self) -> PgConnection {
        self.try_connect().await.unwrap()
    }

    async fn try_connect(&self) -> Result<PgConnection, sqlx::Error> {
        let options: PgConnectOptions = self.url().parse()?;
        PgConnection::connect_with(&options.extra_float_digits(None)).await
    }

    async fn runs(&self, program: &Path, mode: Mode, sessions: u32) -> bool {
        let settings = self.folder.path().join("pgbouncer.ini");
        std::fs::write(&settings, self.settings(mode, sessions)).unwrap();
        let mut command = Command::new(program);
        if let Some(user) = self.user {
            for path in [self.folder.path(), &settings] {
                chown(path, Some(user), None).unwrap();
            }
            command.uid(user);
        }
        let log = std::fs::File::create(self.folder.path().join("log")).unwrap();
        let child = command.arg(&settings).current_dir("/").stdout(Stdio::null()).stderr(log).spawn();
        *self.running.lock().unwrap() = Some(child.unwrap());
        within(async {
            while !self.ended() {
                if let Ok(connection) = self.try_connect().await {
                    drop(connection.close().await);
                    // If another process has the port, this one ends.
                    return !self.ended();
                }
                // There is no signal that it has begun to listen.
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            false
        })
        .await
    }

    /// Settings as in Debian's package, without concessions to the service.
    fn settings(&self, mode: Mode, sessions: u32) -> String {
        let (host, port) = (self.server.host_str().unwrap(), self.server.port().unwrap_or(5432));
        let user = self.server.username();
        let password = self.server.password().map(|password| format!(" password={password}"));
        let mode = match mode {
            Mode::Session => "session",
            Mode::Transaction => "transaction",
            Mode::Statement => "statement",
        };
        format!(
            "[databases]\n\
             * = host={host} port={port} user={user}{}\n\
             [pgbouncer]\n\
             listen_addr = 127.0.0.1\n\
             listen_port = {}\n\
             unix_socket_dir =\n\
             auth_type = any\n\
             max_client_conn = 200\n\
             pool_mode = {mode}\n\
             default_pool_size = {sessions}\n",
            password.unwrap_or_default(),
            self.port,
        )
    }

    fn ended(&self) -> bool {
        let mut running = self.running.lock().unwrap();
        running.as_mut().is_none_or(|child| child.try_wait().unwrap().is_some())
    }

    fn kill(&self) {
        if let Some(mut child) = self.running.lock().unwrap().take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        self.kill();
    }
}
