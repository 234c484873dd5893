use std::path::PathBuf;
use std::process::Command;

use crate::support::process::Installation;
use crate::support::{environment, folder};

const SHELLS: [&str; 4] = ["bash", "zsh", "fish", "powershell"];

fn script(shell: &str) -> String {
    Installation::default().run(&["completions", shell]).expect(0).stdout
}

fn written(shell: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = folder::new();
    let path = folder.path().join("completions");
    std::fs::write(&path, script(shell)).unwrap();
    (folder, path)
}

#[test]
fn every_shell_gets_a_script_with_every_command() {
    for shell in SHELLS {
        let script = script(shell);
        for word in ["create-user", "replay", "password-file", "completions"] {
            assert!(script.contains(word), "{shell} does not complete {word}");
        }
    }
    Installation::default().run(&["completions", "tcsh"]).refused(2, &["[possible values: bash, zsh"]);
}

/// Asks bash itself.
#[test]
fn bash_completes_commands_and_options() {
    let Some(bash) = environment::program("bash") else { return environment::skip("no bash") };
    let (_folder, path) = written("bash");
    for (words, place, wanted) in [
        ("svc ev", 1, "event"),
        ("svc event re", 2, "replay"),
        ("svc serve --no-w", 2, "--no-worker"),
        ("svc completions z", 2, "zsh"),
        ("svc user list --role a", 4, "admin"),
        ("svc user list --status l", 4, "locked"),
        ("svc create-user --role a", 3, "admin"),
        ("svc user create --role a", 4, "admin"),
        ("svc user set-role ada@example.com ad", 4, "admin"),
        ("svc event list --type user.lo", 4, "user.locked"),
        ("svc help ev", 2, "event"),
        ("svc help exit", 2, "exit-codes"),
        ("svc key list -o p", 4, "pem"),
    ] {
        let ask = format!(
            "source {}; COMP_WORDS=({words}); COMP_CWORD={place}; _svc svc \"${{COMP_WORDS[{place}]}}\" \
             \"${{COMP_WORDS[$(({place} - 1))]}}\"; echo \"${{COMPREPLY[*]}}\"",
            path.display()
        );
        let ran = Command::new(&bash).args(["--norc", "-c", &ask]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&ran.stdout).trim(), wanted, "{words}: {ran:?}");
    }
}

#[test]
fn other_shells_read_their_script() {
    for (shell, options) in [("bash", &["-n"][..]), ("zsh", &["-n"]), ("fish", &["--no-execute"])] {
        let Some(program) = environment::program(shell) else { continue };
        let (_folder, path) = written(shell);
        let ran = Command::new(program).args(options).arg(path).output().unwrap();
        assert!(ran.status.success() && ran.stderr.is_empty(), "{shell}: {ran:?}");
    }
}
