//! PgBouncer, the pooler that most deployments of PostgreSQL have.

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

use super::environment;
use super::ports::free_port;
use super::process::{NOBODY, belongs_to_root, within};

/// How many ports are tried: another process may take a port before PgBouncer does.
const PORTS: usize = 10;

/// How long a connection has the same session of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Session,
    Transaction,
    Statement,
}

/// A PgBouncer of one test's own, killed when it is dropped.
pub struct PgBouncer {
    port: u16,
    folder: TempDir,
    /// It refuses to run as root.
    user: Option<u32>,
    server: Url,
    running: Mutex<Option<Child>>,
}

/// Says what is missing where there is no program to start.
pub fn look() -> Result<PathBuf, &'static str> {
    let path = environment::variable("PATH").unwrap_or_default();
    // Debian puts it where only root looks.
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    let mut programs = folders.map(|folder| folder.join("pgbouncer"));
    programs.find(|program| program.is_file()).ok_or("no pgbouncer to start")
}

impl PgBouncer {
    /// Before the server of this database, with so many sessions there at most, whoever connects.
    pub async fn start(program: &Path, database: &str, mode: Mode, sessions: u32) -> Self {
        for _ in 0..PORTS {
            let folder = tempfile::tempdir().unwrap();
            let server = Url::parse(database).unwrap();
            let user = belongs_to_root(folder.path()).then_some(NOBODY);
            let bouncer = Self { port: free_port(), folder, user, server, running: Mutex::default() };
            if bouncer.runs(program, mode, sessions).await {
                return bouncer;
            }
        }
        panic!("pgbouncer ends as soon as it is started, on {PORTS} ports");
    }

    /// Ends it, and starts it at the same address in another mode.
    pub async fn restart(&self, program: &Path, mode: Mode, sessions: u32) {
        self.kill();
        let runs = self.runs(program, mode, sessions).await;
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap();
        assert!(runs, "it does not start again: {log}");
    }

    /// The URL of the database by this way.
    pub fn url(&self) -> String {
        let mut url = self.server.clone();
        url.set_ip_host([127, 0, 0, 1].into()).unwrap();
        url.set_port(Some(self.port)).unwrap();
        url.set_query(Some("sslmode=disable"));
        url.into()
    }

    /// Connects by this way, with nothing that PgBouncer does not know.
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
                    // Where another process has the port, this one ends.
                    return !self.ended();
                }
                // Nothing tells when it has begun to listen.
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            false
        })
        .await
    }

    /// What Debian's package comes with, and nothing that would please the service.
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
