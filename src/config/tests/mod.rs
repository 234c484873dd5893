//! Tests of the configuration as an operator uses it: files, variables and flags in, settings or errors out.
//!
//! **Here**: one file per promise, based on the [`Place`] below.
//!
//! **May use**: the public items of the parent module.
//!
//! **To add one**: `Place::default()` with its files and variables, then `load` or `refused`.

mod browsers;
mod defaults;
mod layers;
mod limits;
mod mail;
mod mistakes;
mod production;
mod rules;
mod secrets;
mod strings;
mod tokens;
mod traces;

use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::{Loaded, Settings, Sources};

/// A working folder and an environment for one test.
struct Place {
    folder: TempDir,
    sources: Sources,
}

impl Default for Place {
    fn default() -> Self {
        let folder = TempDir::new().unwrap();
        let sources = Sources {
            folder: folder.path().to_owned(),
            environment: Vec::new(),
            config: None,
            set: Vec::new(),
        };
        Self { folder, sources }
    }
}

impl Place {
    fn file(self, name: &str, text: &str) -> Self {
        self.bytes(name, text.as_bytes())
    }

    /// A file that may not be text.
    fn bytes(self, name: &str, bytes: &[u8]) -> Self {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        // Production warns of secrets that other users can read.
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        self
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.sources.environment.push((name.into(), value.into()));
        self
    }

    fn config(mut self, path: &str) -> Self {
        self.sources.config = Some(path.into());
        self
    }

    fn set(mut self, pair: &str) -> Self {
        self.sources.set.push(pair.to_owned());
        self
    }

    fn load(&self) -> Loaded {
        self.sources.load().unwrap_or_else(|errors| panic!("{errors}"))
    }

    fn settings(&self) -> Settings {
        self.load().settings
    }

    /// The errors that an operator reads if the configuration is refused.
    fn refused(&self) -> String {
        match self.sources.load() {
            Ok(_) => panic!("the configuration was taken"),
            Err(errors) => errors.to_string(),
        }
    }
}
