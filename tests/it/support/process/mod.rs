//! The `svc` binary as a separate process, as an operator runs it.
//!
//! **Here**: [`Installation`], a folder with an environment, and the processes that run in it: a command
//! until its end ([`Ran`]), its secret key (`secret`), a shell script (`script`) and a server ([`Serving`]);
//! leases that expire (`leases`). Nothing from the environment of the tests reaches them.

mod leases;
mod ran;
mod script;
mod secret;
mod serving;
mod terminal;

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::database::write_migrated;
use super::{Backend, TestDatabase, folder};
pub use ran::{Ran, finish, signal};
pub use serving::{Serving, until, within};
pub use terminal::Terminal;

/// Longer than any command takes on the slowest machine: one that is still running hangs.
pub const NEVER: Duration = Duration::from_mins(5);

/// The same time, as a setting.
const PATIENCE: &str = "5m";

/// The user id that the binary runs as if the tests run as root, because root can write to any file.
pub const UNPRIVILEGED: u32 = 65534;

/// Returns whether this folder belongs to root, as a folder that root has created does.
pub fn belongs_to_root(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(folder).unwrap().uid() == 0
}

/// A working folder and an environment: all that a running `svc` knows of its surroundings.
pub struct Installation {
    folder: TempDir,
    environment: Vec<(String, String)>,
    /// Present if the process runs on a database that is not in the folder.
    database: Option<TestDatabase>,
    binary: PathBuf,
    user: Option<u32>,
}

impl Default for Installation {
    /// An empty folder and an empty environment.
    fn default() -> Self {
        Self {
            folder: folder::new(),
            environment: Vec::new(),
            database: None,
            binary: env!("CARGO_BIN_EXE_svc").into(),
            user: None,
        }
    }
}

impl Installation {
    /// Uses an empty database of this kind, and passwords that are cheap to hash. SQLite is the default of
    /// the service.
    pub async fn on(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => Self::cheap(),
            Backend::Postgres => Self::cheap().with(backend.empty_database().await),
        }
    }

    /// Uses a migrated database of this kind, and passwords that are cheap to hash.
    pub async fn migrated(backend: Backend) -> Self {
        let installation = match backend {
            Backend::Sqlite => Self::cheap(),
            Backend::Postgres => Self::cheap().with(backend.database().await),
        };
        secret::generate(&installation.path("data"));
        if backend == Backend::Sqlite {
            write_migrated(&installation.path("data/svc.db")).await;
        }
        installation
    }

    fn cheap() -> Self {
        Self::default()
            .set("SVC_SECURITY__PASSWORD__MEMORY_KIB", "8")
            .set("SVC_SECURITY__PASSWORD__ITERATIONS", "1")
            .set("SVC_LIMITS__ENABLED", "false")
            .patient()
            // The tests of the metrics open ports of their own.
            .set("SVC_SERVER__METRICS_LISTEN", "off")
    }

    fn with(self, database: TestDatabase) -> Self {
        let url = database.url();
        // Few connections, because all tests share those of one server.
        let installation = self.set("SVC_DATABASE__URL", &url).set("SVC_DATABASE__MAX_CONNECTIONS", "3");
        Self { database: Some(database), ..installation }
    }

    /// Sets time limits for a busy machine, on which the defaults would refuse a request or give up.
    pub fn patient(self) -> Self {
        let variables = [
            "SVC_DATABASE__ACQUIRE_TIMEOUT",
            "SVC_DATABASE__STATEMENT_TIMEOUT",
            "SVC_LIMITS__REQUEST_TIMEOUT",
            "SVC_SECURITY__PASSWORD__QUEUE_WAIT",
        ];
        variables.iter().fold(self, |installation, variable| installation.set(variable, PATIENCE))
    }

    /// Adds a variable to the environment.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Removes variables from the environment.
    pub fn unset(mut self, names: &[&str]) -> Self {
        self.environment.retain(|(name, _)| !names.contains(&name.as_str()));
        self
    }

    /// Adds a file to the folder, or to one below it.
    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    /// Runs as a user other than root, even if root runs the tests.
    pub fn unprivileged(mut self) -> Self {
        use std::os::unix::fs::{PermissionsExt, chown};
        if belongs_to_root(self.folder.path()) {
            // Root's folders are closed to others, so the binary gets another name. It is copied only where
            // that is not possible: the writes of a test would wait for 150 MB on a busy disk.
            let binary = self.path("svc");
            if std::fs::hard_link(&self.binary, &binary).is_err() {
                // By another process: a process that a concurrent test starts inherits for a moment the files
                // that are open for writing here, and a file that is open for writing cannot be executed.
                assert!(Command::new("cp").arg(&self.binary).arg(&binary).status().unwrap().success());
            }
            std::fs::set_permissions(self.folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
            chown(self.folder.path(), Some(UNPRIVILEGED), None).unwrap();
            (self.binary, self.user) = (binary, Some(UNPRIVILEGED));
        }
        self
    }

    /// Creates a writable folder, like a mounted volume.
    pub fn volume(self, name: &str) -> Self {
        std::fs::create_dir(self.path(name)).unwrap();
        if self.user.is_some() {
            std::os::unix::fs::chown(self.path(name), self.user, None).unwrap();
        }
        self
    }

    /// Makes the folder read-only. Only for an unprivileged installation: root can write everywhere.
    pub fn read_only(self) -> Self {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(self.folder.path(), PermissionsExt::from_mode(0o555)).unwrap();
        self
    }

    /// Lists the files that were created in the folder.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| *name != "svc").collect()
    }

    /// Returns a path in the folder.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns the rows of a query with one text column, bypassing the service.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        match &self.database {
            Some(database) => database.texts(sql).await,
            None => super::database::texts_of_file(&self.path("data/svc.db"), sql).await,
        }
    }

    /// Runs `svc` with these arguments until it ends.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with_input(arguments, "")
    }

    /// Runs `svc` with these arguments and this text on standard input until it ends.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        self.run_with(arguments, input, &[])
    }

    /// Runs `svc` with these arguments, this text on standard input and more variables until it ends.
    pub fn run_with(&self, arguments: &[&str], input: &str, variables: &[(&str, &str)]) -> Ran {
        let mut command = self.command();
        command.args(arguments).envs(variables.iter().copied()).stdin(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A process that does not read may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        finish(child)
    }

    /// Returns the URL of its database; `None` for a file in the folder.
    pub fn database_url(&self) -> Option<String> {
        self.database.as_ref().map(TestDatabase::url)
    }

    /// Starts a command that continues while others run.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command().args(arguments).stdin(Stdio::null()).spawn().unwrap()
    }

    /// Starts a command whose log is not read, with additional variables.
    pub fn start_quietly(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Child {
        let mut command = self.command();
        command.args(arguments).envs(variables.iter().copied()).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Executes any SQL, bypassing the service.
    pub async fn execute(&self, sql: &str) {
        match &self.database {
            Some(database) => database.execute(sql).await.unwrap(),
            None => super::database::execute_on_file(&self.path("data/svc.db"), sql).await,
        }
    }

    /// Starts `svc serve` on a free port and waits until it accepts requests. It may not be ready yet.
    pub fn serve(&self) -> Serving {
        self.serve_with(&[])
    }

    /// Starts `svc serve` with more arguments and variables. Returns `None` if it ends before it accepts
    /// requests.
    pub fn serve_where(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Option<Serving> {
        let any_port = ["serve", "--set", "server.listen=127.0.0.1:0"];
        let mut command = self.command();
        command.args(any_port).args(arguments).envs(variables.iter().copied());
        Serving::start_if_it_lives(command.stdin(Stdio::null()))
    }

    /// Starts `svc serve` with more arguments.
    pub fn serve_with(&self, arguments: &[&str]) -> Serving {
        let any_port = ["serve", "--set", "server.listen=127.0.0.1:0"];
        Serving::start(self.command().args(any_port).args(arguments).stdin(Stdio::null()))
    }

    /// Starts a server with these arguments alone, which listens where the environment says.
    pub fn start_serving(&self, arguments: &[&str]) -> Serving {
        Serving::start(self.command().args(arguments).stdin(Stdio::null()))
    }

    /// Runs `svc` with these arguments on a terminal; `None` if none can be created.
    pub fn on_terminal(&self, arguments: &[&str]) -> Option<Terminal> {
        self.on_terminal_then(arguments, "")
    }

    /// Does the same, and runs a line of a shell on the terminal when the command has ended.
    pub fn on_terminal_then(&self, arguments: &[&str], after: &str) -> Option<Terminal> {
        let words = [&[self.binary.to_str().unwrap()], arguments].concat();
        Terminal::run(&words, after, &self.environment, self.folder.path())
    }

    /// Runs `svc` with these arguments on a terminal of this width; `None` if none can be created.
    pub fn on_terminal_of(&self, columns: u16, arguments: &[&str]) -> Option<Terminal> {
        let set_size = format!("stty cols {columns}; exec \"$0\" \"$@\"");
        let words = [&["sh", "-c", &*set_size, self.binary.to_str().unwrap()], arguments].concat();
        Terminal::run(&words, "", &self.environment, self.folder.path())
    }

    /// Returns a command for the binary in this installation, without arguments.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(user) = self.user {
            command.uid(user);
        }
        command
    }
}
