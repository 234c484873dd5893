//! The units for systemd, and the protocol between the service and its manager.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::process::{Installation, NEVER, UNPRIVILEGED, finish, signal};
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

/// Writes a program that stands for another one.
fn stub(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
}

/// Whether this process may make a mount namespace, which a container often forbids.
fn may_mount() -> bool {
    let unshared = Command::new("unshare").args(["--mount", "true"]).output();
    rustix::process::getuid().is_root() && unshared.is_ok_and(|ran| ran.status.success())
}

/// The wrapper reads the shipped unit, whose paths and user are those of the test, from a stub of
/// systemctl. tests/systemd runs it under systemd.
#[test]
fn an_operator_has_the_settings_and_secrets_of_the_unit() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/systemd/svc-operator");
    let installation = Installation::default().unprivileged();
    let Some(_) = environment::program("setpriv").filter(|_| may_mount()) else {
        return environment::lessen("only root, with setpriv and mounts, can run the wrapper for operators");
    };
    let folder = installation.path("");
    for (name, value) in [
        ("secret_key", "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e\n"),
        ("database_url", "sqlite:data/svc.db\n"),
        ("mail_url", "smtps://svc:Kq8ZtS3vQm@mail.example.com\n"),
        (
            "svc.env",
            "# ours\nSVC_SERVER__PUBLIC_URL='https://auth.example.com'\nSVC_MAIL__FROM=\"A B <a@example.com>\"\n",
        ),
    ] {
        std::fs::create_dir_all(folder.join("etc")).unwrap();
        let path = folder.join("etc").join(name);
        std::fs::write(&path, value).unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    }
    units(&folder);
    let unit = std::fs::read_to_string(folder.join(UNITS[0])).unwrap();
    let unit = unit.replace("/etc/svc", folder.join("etc").to_str().unwrap());
    std::fs::write(folder.join("unit"), unit).unwrap();
    let shown = [
        "Id=svc-serve.service".to_owned(),
        "LoadState=loaded".to_owned(),
        format!("User={UNPRIVILEGED}"),
        format!("Group={UNPRIVILEGED}"),
        format!("WorkingDirectory={}", folder.display()),
        format!("ExecStart={{ path={0}/svc ; argv[]={0}/svc serve ; pid=0 }}", folder.display()),
        format!("EnvironmentFiles={}/etc/svc.env (ignore_errors=yes)", folder.display()),
        "Environment=SVC_ENVIRONMENT=production \"SVC_SERVICE__NAME=A \\\"B\\\" \\$x\" SVC_LOG__LEVEL=error \
         SVC_SERVER__LISTEN=127.0.0.1:0 \
         SVC_SECURITY__SECRET_KEY_FILE=/run/credentials/svc-serve.service/secret_key \
         SVC_DATABASE__URL_FILE=/run/credentials/svc-serve.service/database_url \
         SVC_MAIL__URL_FILE=/run/credentials/svc-serve.service/mail_url\n"
            .to_owned(),
    ];
    std::fs::write(folder.join("shown"), shown.join("\n")).unwrap();
    std::fs::create_dir(folder.join("bin")).unwrap();
    stub(
        &folder.join("bin/systemctl"),
        &format!(
            "#!/bin/sh\ncase $* in\n\
             'cat -- svc-serve.service') cat '{0}/unit' ;;\n\
             'show '*' -- svc-serve.service') cat '{0}/shown' ;;\n\
             *) exit 1 ;;\nesac\n",
            folder.display()
        ),
    );

    let operate = |arguments: &[&str]| {
        let path = format!("{}:{}", folder.join("bin").display(), environment::variable("PATH").unwrap());
        let mut command = Command::new(&script);
        finish(
            command
                .args(arguments)
                .env_clear()
                .env("PATH", path)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap(),
        )
    };
    let settings = operate(&["config", "show", "--sources", "-o", "json"]).expect(0).json();
    let setting = |key: &str| {
        settings.as_array().unwrap().iter().find(|setting| setting["key"] == key).unwrap().clone()
    };
    for (key, value) in [
        ("environment", "production"),
        ("server.public_url", "https://auth.example.com"),
        ("mail.from", "A B <a@example.com>"),
        ("log.level", "error"),
        ("service.name", "A \"B\" $x"),
        ("database.url", "sqlite:data/svc.db"),
    ] {
        assert_eq!(setting(key)["value"], value, "{settings:#}");
    }
    let source = setting("security.secret_key")["source"].as_str().unwrap().to_owned();
    let copy = source.strip_prefix("file ").unwrap().split(' ').next().unwrap();
    assert!(copy == "/run/svc-operator/secret_key" && !Path::new(copy).exists(), "{source}");

    operate(&["create-user", "--email", "ada@example.com", "--name", "Ada $HOME 'x'", "--generate-password"])
        .expect(0);
    assert_eq!(std::fs::metadata(folder.join("data/svc.db")).unwrap().uid(), UNPRIVILEGED);
    assert_eq!(operate(&["user", "show", "ada@example.com"]).expect(0).json()["name"], "Ada $HOME 'x'");
    operate(&["user", "show", "eva@example.com"]).refused(67, &["no user has the email address"]);
    std::fs::remove_file(folder.join("etc/secret_key")).unwrap();
    operate(&["user", "list"]).refused(78, &["svc-operator: failed to read", "etc/secret_key"]);
}
