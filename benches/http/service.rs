use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::arguments::Arguments;
use crate::lab::Lab;
use crate::variants::Variant;
use crate::{Failure, resources};

/// The role of a process: it gets it on its first line of input, and serves until its input ends.
#[derive(Serialize, Deserialize)]
pub enum Role {
    /// The service, with these variables and `KEY=VALUE`s.
    Service { environment: Vec<(String, String)>, set: Vec<String> },
    /// A server that does as little as possible: it shows how fast the load generator is.
    Trivial,
}

/// A separate process that serves, so that its CPU time and memory can be measured. It ends when the value is
/// dropped, and when this process is killed.
pub struct Service {
    child: Child,
    pub address: SocketAddr,
}

impl Service {
    /// Starts the service on the lab's database.
    pub fn start(lab: &Lab, variant: Variant, arguments: &Arguments) -> Result<Self, Failure> {
        let set = variant.set(&arguments.set);
        Self::run(&Role::Service { environment: lab.environment(), set }, arguments)
            .map_err(|error| format!("the service ({}) does not start: {error}", variant.name).into())
    }

    /// Starts the trivial server.
    pub fn trivial(arguments: &Arguments) -> Result<Self, Failure> {
        Self::run(&Role::Trivial, arguments)
    }

    fn run(role: &Role, arguments: &Arguments) -> Result<Self, Failure> {
        let log = match &arguments.service_log {
            Some(path) => File::options().create(true).append(true).open(path)?.into(),
            None => Stdio::null(),
        };
        let mut child = Command::new(std::env::current_exe()?)
            .arg("--serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let mut line = serde_json::to_string(role)?;
        line.push('\n');
        child.stdin.as_mut().ok_or("no input")?.write_all(line.as_bytes())?;
        let mut said = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut said)?;
        if let Ok(address) = said.trim().parse() {
            return Ok(Self { child, address });
        }
        child.wait()?;
        Err(if said.is_empty() { "it crashed; see --service-log".into() } else { said.into() })
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Returns the memory in MiB.
    pub fn memory(&self, what: &str) -> Result<f64, Failure> {
        resources::memory(self.process(), what)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It has ended already, or ends now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
