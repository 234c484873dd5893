use std::process::{Command, Stdio};

use super::{Installation, Ran, Serving, finish};
use crate::support::environment;

impl Installation {
    /// Runs a shell script in the folder, with `svc` on its path, until it ends. It ends at the first command
    /// that fails. A question of `svc` is answered with yes.
    pub fn run_script(&self, script: &str) -> Ran {
        let functions = format!(
            "svc() {{\n  code=0\n  '{}' \"$@\" 2>.stderr || code=$?\n  \
             if grep -q 'pass --yes' .stderr; then '{0}' \"$@\" --yes; return; fi\n  \
             cat .stderr >&2\n  return $code\n}}\n",
            self.binary.display()
        );
        let mut shell = Command::new("sh");
        shell.args(["-e", "-c", &format!("{functions}{script}")]).env_clear();
        shell.env("PATH", environment::variable("PATH").unwrap_or_default());
        shell.envs(self.environment.iter().map(|(name, value)| (name, value)));
        shell.current_dir(self.folder.path()).stdin(Stdio::null());
        finish(shell.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    }

    /// Starts a server with a shell script that ends in it, with these variables alone.
    pub fn serve_by_script(&self, script: &str, variables: &[(&str, &str)]) -> Serving {
        let mut shell = Command::new("sh");
        shell.args(["-e", "-c", script]).env_clear().envs(variables.iter().copied());
        shell
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Serving::start(&mut shell)
    }
}
