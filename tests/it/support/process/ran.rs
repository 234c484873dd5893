use std::process::{Child, Command, Output};
use std::sync::mpsc;

use serde_json::Value;

use super::NEVER;

/// How a process ended.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Waits for the end of a process. Kills one that hangs, and fails the test.
pub fn finish(child: Child) -> Ran {
    let id = child.id();
    let (done, ended) = mpsc::channel();
    std::thread::spawn(move || done.send(child.wait_with_output()));
    if let Ok(output) = ended.recv_timeout(NEVER) {
        return output.unwrap().into();
    }
    signal(id, "KILL");
    panic!("it hangs: {:?}", Ran::from(ended.recv().unwrap().unwrap()))
}

/// Sends a signal, such as `TERM`, to one of our processes that has not been waited for.
pub fn signal(process: u32, name: &str) {
    let kill = format!("kill -s {name} {process}");
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success(), "{kill}");
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Ran {
    /// Panics unless it exited with this code.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    /// Panics unless it failed with this code, with each of these texts on stderr and nothing on stdout.
    #[track_caller]
    pub fn refused(self, code: i32, texts: &[&str]) -> Self {
        assert_eq!((self.code, self.stdout.as_str()), (Some(code), ""), "{self:?}");
        for text in texts {
            assert!(self.stderr.contains(text), "{text} is not in:\n{}", self.stderr);
        }
        self
    }

    /// Panics if a secret was printed.
    #[track_caller]
    pub fn hides(self, secret: &str) -> Self {
        assert!(!format!("{self:?}").contains(secret), "{self:?}");
        self
    }

    /// Returns stdout as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
