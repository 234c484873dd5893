//! A PostgreSQL server that belongs to this run. It does not wait for the disk: all of its data is discarded.

use std::ffi::OsStr;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use sqlx::{Connection, PgConnection};
use tempfile::TempDir;
use url::Url;

use super::texts;
use crate::support::ports::free_port;
use crate::support::process::{UNPRIVILEGED, belongs_to_root, within};
use crate::support::{environment, folder};

/// How many ports are tried: another process may take a port before the server does.
const PORTS: usize = 10;

/// Runs the server until the standard input ends, which happens when the test process ends in any way,
/// including `kill -9`. Then it removes the folder. It keeps the folder if the server ends by itself.
const RUN: &str = r#"
    exec 3<&0
    "$1" -D "$2/data" -p "$3" -c listen_addresses=127.0.0.1,::1 -c unix_socket_directories= -c max_connections=400 \
        -c fsync=off -c full_page_writes=off -c max_wal_size=512MB -c checkpoint_timeout=1d \
        -c ssl="$4" -c ssl_cert_file="$2/tls.crt" -c ssl_key_file="$2/tls.key" \
        >"$2/log" 2>&1 </dev/null 3<&- &
    server=$!
    { read -r _ <&3; : >"$2/over"; kill -QUIT $server; } 2>/dev/null &
    reader=$!
    wait $server
    if [ -e "$2/over" ]; then rm -rf "$2"; else kill $reader; fi
"#;

/// Keeps the server running: holds the other end of its script's standard input.
static RUNNING: OnceLock<Child> = OnceLock::new();

/// Starts a server; `None` if `initdb` is not installed.
pub(super) async fn start() -> Option<Result<Url, String>> {
    let programs = programs()?;
    Some(start_with(&programs).await.map_err(|why| {
        format!(
            "no PostgreSQL: a server of the programs in {} does not start ({why}); SVC_TEST_POSTGRES_URL names another",
            programs.display()
        )
    }))
}

/// A server for one test. It ends when the value is dropped, as in a crash.
pub(super) struct Server {
    running: Child,
    pub(super) port: u16,
}

impl Server {
    /// Starts a server on a folder that holds `data`, and removes the folder at the end.
    pub(super) async fn start(programs: &Path, folder: TempDir, user: Option<u32>) -> Self {
        for _ in 0..PORTS {
            let port = free_port();
            let mut running = run(programs, folder.path(), port, false, user).unwrap();
            if within(answers(&url_of(port), folder.path(), &mut running)).await {
                // The script removes it.
                let _ = folder.keep();
                return Self { running, port };
            }
        }
        panic!("{}", log(&folder));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The script notices the closed pipe, and ends after the server.
        drop(self.running.stdin.take());
        let _ = self.running.wait();
    }
}

async fn start_with(programs: &Path) -> Result<Url, String> {
    let (folder, user) = new_folder().map_err(|why| why.to_string())?;
    init(programs, &folder, user)?;
    let tls = certify(folder.path(), user);
    for _ in 0..PORTS {
        let port = free_port();
        let mut running = run(programs, folder.path(), port, tls, user)?;
        let url = url_of(port);
        if within(answers(&url, folder.path(), &mut running)).await {
            let _ = RUNNING.set(running);
            // The script removes it.
            let _ = folder.keep();
            return Ok(url);
        }
    }
    Err(log(&folder))
}

pub(super) fn url_of(port: u16) -> Url {
    Url::parse(&format!("postgres://postgres@127.0.0.1:{port}/postgres?sslmode=disable")).unwrap()
}

/// Creates a folder of the user who runs the server.
pub(super) fn new_folder() -> std::io::Result<(TempDir, Option<u32>)> {
    let folder = folder::new();
    let user = belongs_to_root(folder.path()).then_some(UNPRIVILEGED);
    if user.is_some() {
        chown(folder.path(), user, None)?;
    }
    Ok((folder, user))
}

/// Creates an empty database cluster.
pub(super) fn init(programs: &Path, folder: &TempDir, user: Option<u32>) -> Result<(), String> {
    let made = as_user(user, programs.join("initdb"))
        .arg(folder.path().join("data"))
        .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"])
        .output()
        .map_err(|why| why.to_string())?;
    if !made.status.success() {
        return Err(format!("initdb: {}", String::from_utf8_lossy(&made.stderr).trim()));
    }
    Ok(())
}

/// Waits until the server accepts connections. Returns false if it ended, as it does if another server has
/// its port.
async fn answers(url: &Url, folder: &Path, running: &mut Child) -> bool {
    while running.try_wait().is_ok_and(|ended| ended.is_none()) {
        if let Ok(mut connection) = PgConnection::connect(url.as_str()).await {
            let data = folder.join("data").display().to_string();
            if texts(&mut connection, "SHOW data_directory").await == [data] {
                return true;
            }
            // Another server has the port, so this one ends.
        }
        // There is no signal that a server has begun to listen.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

/// Makes a certificate for the test that connects by TLS; the other tests are faster without. Returns false
/// without openssl.
fn certify(folder: &Path, user: Option<u32>) -> bool {
    let made = as_user(user, "openssl".into())
        .args(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
                .split(' '),
        )
        .args([OsStr::new("-keyout"), folder.join("tls.key").as_os_str()])
        .args([OsStr::new("-out"), folder.join("tls.crt").as_os_str()])
        .output();
    made.is_ok_and(|made| made.status.success())
}

fn run(programs: &Path, folder: &Path, port: u16, tls: bool, user: Option<u32>) -> Result<Child, String> {
    as_user(user, "sh".into())
        .args(["-c", RUN, "sh"])
        .args([programs.join("postgres").as_path(), folder])
        .args([port.to_string().as_str(), if tls { "on" } else { "off" }])
        .stdin(Stdio::piped())
        // Ctrl-C reaches the test process, and through it the script.
        .process_group(0)
        .spawn()
        .map_err(|why| why.to_string())
}

/// Returns a command that runs as this user: PostgreSQL refuses to run as root.
pub(super) fn as_user(user: Option<u32>, program: PathBuf) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").stdout(Stdio::null()).stderr(Stdio::piped());
    if let Some(user) = user {
        command.uid(user);
    }
    command
}

/// Finds the folder that holds `initdb` and `postgres`: on the PATH, or in Debian's folder of the newest
/// version.
pub(super) fn programs() -> Option<PathBuf> {
    let path = environment::variable("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).filter_map(|folder| folder.join("initdb").canonicalize().ok());
    let mut debian: Vec<_> =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().collect();
    debian.sort_by_key(|entry| entry.file_name().to_string_lossy().parse().unwrap_or(0));
    let debian = debian.into_iter().rev().map(|entry| entry.path().join("bin/initdb"));
    let folders = on_path.chain(debian).filter_map(|program| program.parent().map(Path::to_owned));
    folders.into_iter().find(|folder| ["initdb", "postgres"].iter().all(|name| folder.join(name).is_file()))
}

fn log(folder: &TempDir) -> String {
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
    log.lines().filter(|line| line.contains("FATAL") || line.contains("ERROR")).collect::<Vec<_>>().join("; ")
}
