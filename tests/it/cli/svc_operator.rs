//! `svc-operator`, which runs commands with the settings and the secrets of a unit of systemd.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::systemd::{UNITS, units};
use crate::support::environment;
use crate::support::process::{Installation, Ran, UNPRIVILEGED, finish};

/// Whether this process may make a mount namespace, which a container often forbids.
fn may_mount() -> bool {
    let unshared = Command::new("unshare").args(["--mount", "true"]).output();
    rustix::process::getuid().is_root() && unshared.is_ok_and(|ran| ran.status.success())
}

/// A folder with the shipped unit, whose paths and user are those of the test, and a stub of systemctl that
/// shows it. tests/systemd runs the wrapper under systemd.
struct Machine(Installation);

impl Machine {
    /// `None` where the wrapper cannot run.
    fn new() -> Option<Self> {
        let installation = Installation::default().unprivileged();
        if environment::program("setpriv").is_none() || !may_mount() {
            environment::lessen("only root, with setpriv and mounts, can run the wrapper for operators");
            return None;
        }
        let machine = Self(installation);
        let folder = machine.0.path("");
        std::fs::create_dir(folder.join("etc")).unwrap();
        for (name, value) in [
            ("secret_key", "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e\n"),
            ("database_url", "sqlite:data/svc.db\n"),
            ("mail_url", "smtps://svc:Kq8ZtS3vQm@mail.example.com\n"),
            (
                "svc.env",
                "# ours\nSVC_SERVER__PUBLIC_URL='https://auth.example.com'\nSVC_MAIL__FROM=\"A B <a@example.com>\"\n",
            ),
        ] {
            machine.secret(name, value);
        }
        units(&folder);
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
        machine.stub(
            "systemctl",
            &format!(
                "#!/bin/sh\ncase $* in\n\
                 'cat -- svc-serve.service') cat '{0}/unit' ;;\n\
                 'show '*' -- svc-serve.service') cat '{0}/shown' ;;\n\
                 *) exit 1 ;;\nesac\n",
                folder.display()
            ),
        );
        machine.drop_in("");
        Some(machine)
    }

    /// Writes a file that only root can read.
    fn secret(&self, name: &str, value: &str) {
        let path = self.0.path("etc").join(name);
        std::fs::write(&path, value).unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    }

    /// Writes a program that stands for another one.
    fn stub(&self, name: &str, text: &str) {
        let path = self.0.path("bin").join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    }

    /// Replaces the drop-in of the unit. `/etc/svc` is the folder of the secrets.
    fn drop_in(&self, text: &str) {
        let unit = std::fs::read_to_string(self.0.path(UNITS[0])).unwrap() + "\n[Service]\n" + text + "\n";
        let unit = unit.replace("/etc/svc", self.0.path("etc").to_str().unwrap());
        std::fs::write(self.0.path("unit"), unit).unwrap();
    }

    fn operate(&self, arguments: &[&str]) -> Ran {
        let path = format!("{}:{}", self.0.path("bin").display(), environment::variable("PATH").unwrap());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/systemd/svc-operator");
        let mut command = Command::new(&script);
        command.args(arguments).env_clear().env("PATH", path);
        finish(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    }

    fn setting(&self, key: &str) -> Value {
        let settings = self.operate(&["config", "show", "--sources", "-o", "json"]).expect(0).json();
        settings.as_array().unwrap().iter().find(|setting| setting["key"] == key).unwrap().clone()
    }
}

#[test]
fn an_operator_has_the_settings_and_secrets_of_the_unit() {
    let Some(machine) = Machine::new() else { return };
    for (key, value) in [
        ("environment", "production"),
        ("server.public_url", "https://auth.example.com"),
        ("mail.from", "A B <a@example.com>"),
        ("log.level", "error"),
        ("service.name", "A \"B\" $x"),
        ("database.url", "sqlite:data/svc.db"),
    ] {
        assert_eq!(machine.setting(key)["value"], value);
    }
    let source = machine.setting("security.secret_key")["source"].as_str().unwrap().to_owned();
    let copy = source.strip_prefix("file ").unwrap().split(' ').next().unwrap();
    assert!(copy == "/run/svc-operator/secret_key" && !Path::new(copy).exists(), "{source}");

    let create =
        ["create-user", "--email", "ada@example.com", "--name", "Ada $HOME 'x'", "--generate-password"];
    machine.operate(&create).expect(0);
    assert_eq!(std::fs::metadata(machine.0.path("data/svc.db")).unwrap().uid(), UNPRIVILEGED);
    assert_eq!(
        machine.operate(&["user", "show", "ada@example.com"]).expect(0).json()["name"],
        "Ada $HOME 'x'"
    );
    machine.operate(&["user", "show", "eva@example.com"]).refused(67, &["no user has the email address"]);
    std::fs::remove_file(machine.0.path("etc/secret_key")).unwrap();
    machine.operate(&["user", "list"]).refused(78, &["svc-operator: failed to read", "etc/secret_key"]);
}

#[test]
fn an_encrypted_secret_is_decrypted() {
    let Some(machine) = Machine::new() else { return };
    // It stands for systemd-creds, which needs a key of the machine.
    machine.stub(
        "systemd-creds",
        "#!/bin/sh\n[ \"$1 $2\" = 'decrypt --name=mail_url' ] && tr a-z b-za <\"$3\" >\"$4\"\n",
    );
    machine.secret("mail_url.cred", "rlsor://rub:Kp8ZsS3uQl@lzhk.dwzlokd.bnl\n");
    std::fs::remove_file(machine.0.path("etc/mail_url")).unwrap();
    // Of one name, the last line counts.
    machine.drop_in("LoadCredentialEncrypted=mail_url:/etc/svc/mail_url.cred");
    let setting = machine.setting("mail.url");
    assert_eq!(setting["value"], "smtps://svc:****@mail.example.com:465", "{setting}");
    std::fs::remove_file(machine.0.path("etc/mail_url.cred")).unwrap();
    machine.operate(&["user", "list"]).refused(78, &["svc-operator: failed to read", "etc/mail_url.cred"]);
}

#[test]
fn a_secret_that_is_no_file_is_refused() {
    let Some(machine) = Machine::new() else { return };
    let cure = "use LoadCredential=cache_url:/PATH or LoadCredentialEncrypted=cache_url:/PATH";
    for (line, texts) in [
        ("SetCredential=cache_url:redis://:hunter2@cache", ["SetCredential=cache_url, which", cure]),
        ("SetCredentialEncrypted=cache_url:aHVudGVyMg==", ["SetCredentialEncrypted=cache_url, which", cure]),
        ("ImportCredential=cache_url", ["ImportCredential=cache_url, which", cure]),
        ("LoadCredential=cache_url", ["without the full path", "write LoadCredential=cache_url:/PATH"]),
        ("LoadCredential=cache_url:cache", ["without the full path", "write LoadCredential=cache_url:/PATH"]),
    ] {
        machine.drop_in(line);
        let ran = machine.operate(&["user", "list"]).refused(78, &texts);
        assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
        // An empty value takes back those before.
        let (setting, _) = line.split_once('=').unwrap();
        if !setting.starts_with("Load") {
            machine.drop_in(&format!("{line}\n{setting}="));
            machine.operate(&["config", "check"]).expect(0);
        }
    }
}
