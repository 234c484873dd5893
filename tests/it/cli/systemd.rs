//! The units for systemd, and the protocol between the service and its manager.

use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};

use crate::support::ports::free_port;
use crate::support::process::{Installation, NEVER, finish, signal};
use crate::support::{Backend, both_backends, database, environment, folder};

pub(super) const UNITS: [&str; 2] = ["svc-serve.service", "svc-consume.service"];

/// A manager that waits for states.
struct Manager(Receiver<String>);

impl Manager {
    /// Listens in the folder of the installation, and names its socket and its watchdog to processes there.
    fn of(installation: Installation) -> (Self, Installation) {
        let path = installation.path("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        let (states, received) = channel();
        // Read at once: the queue of a socket has room for ten states, and a full one loses signs of life.
        std::thread::spawn(move || {
            let mut buffer = [0; 1024];
            while let Ok(length) = socket.recv(&mut buffer)
                && states.send(String::from_utf8(buffer[..length].to_vec()).unwrap()).is_ok()
            {}
        });
        let installation = installation.set("NOTIFY_SOCKET", path.to_str().unwrap());
        (Self(received), installation.set("WATCHDOG_USEC", "100000"))
    }

    fn next(&self) -> String {
        self.0.recv_timeout(NEVER).unwrap()
    }

    /// Waits until this text is reported, in this state or a later one. On a busy machine there are reasons
    /// to wait beside the one of a test.
    fn shows(&self, text: &str, mut state: String) {
        while !state.contains(text) {
            state = self.next();
        }
    }

    /// Skips signs of life until another state is reported.
    fn next_state(&self) -> String {
        loop {
            let state = self.next();
            if state != "WATCHDOG=1" {
                return state;
            }
        }
    }
}

both_backends! {
    async fn the_server_reports_its_states(backend: Backend) {
        let (manager, installation) = Manager::of(Installation::migrated(backend).await);
        let serving = installation.serve();
        assert_eq!(manager.next(), format!("READY=1\nSTATUS=serving on {}", serving.address));
        for _ in 0..3 {
            assert_eq!(manager.next(), "WATCHDOG=1");
        }
        serving.terminate();
        assert!(manager.next_state().starts_with("STOPPING=1"));
        serving.ended().expect(0);
    }

    async fn the_worker_reports_its_states(backend: Backend) {
        let (manager, installation) = Manager::of(Installation::migrated(backend).await);
        let worker = installation.start(&["consume"]);
        manager.shows("READY=1\nSTATUS=relaying and handling events", manager.next());
        for _ in 0..3 {
            assert_eq!(manager.next(), "WATCHDOG=1");
        }
        signal(worker.id(), "TERM");
        assert!(manager.next_state().starts_with("STOPPING=1"));
        finish(worker).expect(0);
    }
}

/// The start of the machine does not wait for the database. The watchdog, which counts from then on, gets
/// signs of life.
#[test]
fn a_worker_that_waits_has_started_and_says_what_it_waits_for() {
    database::run(Backend::Postgres, async |backend| {
        let (manager, installation) = Manager::of(Installation::on(backend).await);
        let worker = installation.start(&["consume"]);
        let waiting = manager.next();
        assert!(waiting.starts_with("READY=1\nSTATUS=waiting for the database: "), "{waiting}");
        manager.shows("run `svc migrate`", waiting);
        for _ in 0..3 {
            manager.shows("WATCHDOG=1", manager.next());
        }
        installation.run(&["migrate"]).expect(0);
        manager.shows("READY=1\nSTATUS=relaying and handling events", manager.next());
        signal(worker.id(), "TERM");
        assert!(manager.next_state().starts_with("STOPPING=1"));
        finish(worker).expect(0);
    });
}

#[test]
fn a_worker_without_a_database_can_be_stopped() {
    let (manager, installation) = Manager::of(Installation::default());
    let url = format!("postgres://svc:hunter2@127.0.0.1:{}/svc", free_port());
    let installation = installation.set("SVC_DATABASE__URL", &url);
    let worker = installation.start(&["consume"]);
    let waiting = manager.next();
    assert!(waiting.starts_with("READY=1\nSTATUS=waiting") && !waiting.contains("hunter2"), "{waiting}");
    manager.shows("connection refused", waiting);
    signal(worker.id(), "TERM");
    assert!(manager.next_state().starts_with("STOPPING=1"));
    finish(worker).expect(0);
}

#[test]
fn a_command_reports_nothing() {
    let (manager, installation) = Manager::of(Installation::default());
    installation.run(&["config", "check"]).expect(0);
    UnixDatagram::unbound().unwrap().send_to(b"the end", installation.path("notify")).unwrap();
    assert_eq!(manager.next(), "the end");
}

/// Copies the units, with the path of a program that exists.
pub(super) fn units(folder: &Path) {
    for unit in UNITS {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/systemd").join(unit);
        let text = std::fs::read_to_string(source).unwrap();
        let text = text.replace("/usr/local/bin/svc", env!("CARGO_BIN_EXE_svc"));
        std::fs::write(folder.join(unit), text).unwrap();
    }
}

#[test]
fn the_units_are_valid_and_hardened() {
    let Some(analyze) = environment::program("systemd-analyze") else {
        return environment::skip("no systemd-analyze");
    };
    let folder = folder::new();
    units(folder.path());
    // The units name manual pages, which docs/deployment.md installs.
    let pages = folder.path().join("man/man1");
    let installation = Installation::default();
    installation.run(&["man", pages.to_str().unwrap()]).expect(0);
    let verify =
        if environment::program("man").is_some() { &["verify"][..] } else { &["verify", "--man=no"] };
    for unit in UNITS {
        let path = folder.path().join(unit);
        let mut verifying = Command::new(&analyze);
        let ran =
            verifying.args(verify).arg(&path).env("MANPATH", folder.path().join("man")).output().unwrap();
        let warnings = String::from_utf8_lossy(&ran.stderr);
        let ours: Vec<&str> = warnings.lines().filter(|line| line.contains(unit)).collect();
        assert!(ran.status.success() && ours.is_empty(), "{unit}: {warnings}");
        let ran =
            Command::new(&analyze).args(["security", "--offline=true", "--no-pager"]).arg(&path).output();
        let text = String::from_utf8(ran.unwrap().stdout).unwrap();
        let (_, level) = text.split_once("Overall exposure level for").unwrap_or_else(|| panic!("{text}"));
        let level = level.split(": ").nth(1).unwrap().split(' ').next().unwrap();
        assert!(level.parse::<f64>().unwrap() < 2.0, "{unit}: {level}\n{text}");
    }
}
