use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::{Examined, KEY, plain, strong};
use crate::support::environment;
use crate::support::process::Installation;

fn chmod(installation: &Installation, name: &str, mode: u32) {
    fs::set_permissions(installation.path(name), Permissions::from_mode(mode)).unwrap();
}

#[test]
fn settings_that_do_not_start_are_all_named_with_their_source() {
    let installation = Installation::default()
        .file("svc.toml", "[server]\nlisten = 'here'\n")
        .file(".env", "\nSVC_LOG__FORMAT=xml\n")
        .set("SVC_DATABSE__URL", "x");
    let examined = Examined::of(&installation, 1);
    assert_eq!(examined.bad(), ["configuration fail"; 3], "{:#}", examined.0);
    examined.has("configuration", "fail", "server.listen: ", "set by: svc.toml");
    examined.has("configuration", "fail", "log.format: ", "in .env, line 2");
    examined.has(
        "configuration",
        "fail",
        "did you mean SVC_DATABASE__URL",
        "environment variable SVC_DATABSE__URL",
    );
}

#[test]
fn a_weak_hash_and_a_typed_secret_key() {
    let installation = plain();
    installation.run(&["migrate"]).expect(0);
    assert_eq!(Examined::of(&installation, 0).bad(), [] as [String; 0]);
    let typed = installation.set("SVC_SECURITY__SECRET_KEY", "qwertyuiopasdfghjklzxcvbnm123456");
    Examined::of(&typed, 0).finds("secret_key", "warn", "not random", "openssl rand");
    let weak = strong(typed).set("SVC_SECURITY__PASSWORD__MEMORY_KIB", "8");
    Examined::of(&weak, 0).finds("password_hash", "warn", "8 KiB", "security.password.memory_kib");
}

#[test]
fn a_secret_key_that_others_can_read() {
    let installation = plain();
    installation.run(&["migrate"]).expect(0);
    let named = installation.file("keys/secret", KEY).set("SVC_SECURITY__SECRET_KEY_FILE", "keys/secret");
    chmod(&named, "keys", 0o755);
    chmod(&named, "keys/secret", 0o644);
    Examined::of(&named, 1).finds(
        "secret_key",
        "fail",
        "can read or change keys/secret",
        "chmod 600 keys/secret",
    );
    chmod(&named, "keys/secret", 0o600);
    assert_eq!(Examined::of(&named, 0).bad(), [] as [String; 0]);
}

#[test]
fn a_data_folder_that_cannot_be_written() {
    let installation = strong(plain().unprivileged());
    installation.run(&["migrate"]).expect(0);
    assert_eq!(Examined::of(&installation, 0).bad(), [] as [String; 0]);
    chmod(&installation, "data", 0o555);
    let examined = Examined::of(&installation, 1);
    examined.has("data_folder", "fail", "data is not writable", "make the folder writable");
    chmod(&installation, "data", 0o755);
    chmod(&installation, "data/svc.db", 0o400);
    let examined = Examined::of(&installation, 1);
    examined.has("database_writable", "fail", "readonly", "make its file writable");
}

#[test]
fn a_disk_that_is_nearly_full() {
    let installation = strong(plain()).set("SVC_MAIL__URL", "log:").file("data/note", "");
    let folder = installation.path("data");
    let mounted =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"]).arg(&folder).output();
    if !mounted.is_ok_and(|mounted| mounted.status.success()) {
        return environment::lessen("no right to mount a small file system");
    }
    let unmounted = Unmount(folder.clone());
    installation.run(&["migrate"]).expect(0);
    Examined::of(&installation, 0).finds("data_folder", "warn", "of 24 MiB free", "free disk space");
    fs::write(folder.join("filler"), vec![1; 12 * 1024 * 1024]).unwrap();
    Examined::of(&installation, 1).finds("data_folder", "fail", "of 24 MiB free", "free disk space");
    drop(unmounted);
}

/// Unmounts the file system, also when the test fails.
struct Unmount(std::path::PathBuf);

impl Drop for Unmount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
