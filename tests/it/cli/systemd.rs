//! The units for systemd, and the protocol between the service and its manager.

use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Command;

use crate::support::process::{Installation, NEVER, finish, signal};
use crate::support::{Backend, both_backends, environment, folder};

const UNITS: [&str; 2] = ["svc-serve.service", "svc-consume.service"];

/// A manager that waits for states.
struct Manager(UnixDatagram);

impl Manager {
    /// Listens in the folder of the installation, and names its socket and its watchdog to processes there.
    fn of(installation: Installation) -> (Self, Installation) {
        let path = installation.path("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(NEVER)).unwrap();
        let installation = installation.set("NOTIFY_SOCKET", path.to_str().unwrap());
        (Self(socket), installation.set("WATCHDOG_USEC", "100000"))
    }

    fn next(&self) -> String {
        let mut buffer = [0; 1024];
        let length = self.0.recv(&mut buffer).unwrap();
        String::from_utf8(buffer[..length].to_vec()).unwrap()
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
        assert!(manager.next().starts_with("READY=1\nSTATUS="));
        for _ in 0..3 {
            assert_eq!(manager.next(), "WATCHDOG=1");
        }
        signal(worker.id(), "TERM");
        assert!(manager.next_state().starts_with("STOPPING=1"));
        finish(worker).expect(0);
    }
}

#[test]
fn a_command_reports_nothing() {
    let (manager, installation) = Manager::of(Installation::default());
    installation.run(&["config", "check"]).expect(0);
    manager.0.set_nonblocking(true).unwrap();
    assert!(manager.0.recv(&mut [0; 16]).is_err());
}

/// Copies the units, with the path of a program that exists.
fn units(folder: &Path) {
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
    for unit in UNITS {
        let path = folder.path().join(unit);
        let ran = Command::new(&analyze).args(["verify", "--man=no"]).arg(&path).output().unwrap();
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
