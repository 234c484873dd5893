use std::io::{BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Instant;

use super::{NEVER, Ran, finish};
use crate::support::environment;

/// A process on its own pseudo-terminal, which `script` of util-linux creates. Dropping it hangs up.
pub struct Terminal {
    /// `script`; `None` after it was waited for.
    child: Option<Child>,
    output: Receiver<u8>,
    shown: String,
    /// For example `/dev/pts/3`.
    device: String,
}

impl Terminal {
    /// Runs a command, and `after` when it has ended, which a Ctrl-C does not end.
    pub(super) fn run(
        words: &[&str],
        after: &str,
        variables: &[(String, String)],
        folder: &Path,
    ) -> Option<Self> {
        let found = Command::new("script").arg("--version").output();
        if !found.is_ok_and(|found| String::from_utf8_lossy(&found.stdout).contains("util-linux")) {
            environment::skip("no `script` of util-linux, which makes terminals");
            return None;
        }
        let quoted = |word: &str| format!("'{word}'");
        let set = variables.iter().map(|(name, value)| quoted(&format!("{name}={value}")));
        let words: Vec<String> = set.chain(words.iter().map(|word| quoted(word))).collect();
        let exec = if after.is_empty() { "exec " } else { "trap : INT; " };
        let line = format!("tty; {exec}env -i {}; {after}", words.join(" "));
        let mut child = Command::new("script")
            .args(["--quiet", "--return", "--echo", "always", "--command", &line, "/dev/null"])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        let (tell, output) = mpsc::channel();
        std::thread::spawn(move || {
            BufReader::new(stdout).bytes().map_while(Result::ok).all(|byte| tell.send(byte).is_ok())
        });
        let (child, shown) = (Some(child), String::new());
        let mut terminal = Self { child, output, shown, device: String::new() };
        terminal.device = terminal.shows("\n").trim().to_owned();
        Some(terminal)
    }

    /// Waits until a text is shown, and returns everything up to it.
    #[track_caller]
    pub fn shows(&mut self, text: &str) -> String {
        while !self.shown.ends_with(text) {
            match self.output.recv_timeout(NEVER) {
                Ok(byte) => self.shown.push(char::from(byte)),
                Err(error) => panic!("{text} is not shown ({error}): {}", self.shown),
            }
        }
        std::mem::take(&mut self.shown)
    }

    /// Waits until typed text stays hidden.
    pub fn hides(&self) {
        let begun = Instant::now();
        let hidden = || {
            let ran = Command::new("stty").args(["-a", "-F", &self.device]).output().unwrap();
            String::from_utf8(ran.stdout).unwrap().contains(" -echo ")
        };
        while !hidden() {
            assert!(begun.elapsed() < NEVER, "typed text is shown");
        }
    }

    /// Types these characters: `\n` is the return key, `\x03` is Ctrl-C.
    pub fn types(&mut self, characters: &str) {
        let script = self.child.as_mut().unwrap();
        script.stdin.as_mut().unwrap().write_all(characters.as_bytes()).unwrap();
    }

    /// Waits for the end; stdout is the text shown since the last call of `shows`.
    pub fn ended(mut self) -> Ran {
        let mut script = self.child.take().unwrap();
        let input = script.stdin.take();
        let ran = finish(script);
        drop(input);
        self.shown.extend(self.output.iter().map(char::from));
        Ran { stdout: std::mem::take(&mut self.shown), ..ran }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if let Some(mut script) = self.child.take() {
            let _ = script.kill();
            let _ = script.wait();
        }
    }
}
