use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use figment::value::Value;

use super::check;
use super::dotenv;
use super::environment::{lay_own, lay_platform, of_process};
use super::error::ConfigErrors;
use super::file;
use super::layer::Layers;
use super::loaded::Loaded;
use super::schema::Schema;
use super::traces;
use super::urls::CacheUrl;
use super::urls::DatabaseUrl;
use super::urls::MailUrl;
use super::urls::QueueUrl;
use crate::domain::text_of;

const SECRET_ON_A_COMMAND_LINE: &str =
    "secrets are not accepted on a command line, which other users can see in the process list";

/// How a process reports its state to systemd (`sd_notify(3)`, `sd_watchdog_enabled(3)`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManagerVariables {
    /// `NOTIFY_SOCKET`: the path of the socket, or, after `@`, its abstract name.
    pub socket: Option<String>,
    /// `WATCHDOG_USEC`: how long the manager waits for the next sign of life.
    pub watchdog: Option<Duration>,
    /// `WATCHDOG_PID`: the process that has to give it, if it is not any.
    pub watched_process: Option<u32>,
}

/// The sources of all settings. Nothing else in the service reads the environment.
pub struct Sources {
    /// The folder of `svc.toml` and `.env`, to which relative paths in values are relative.
    pub folder: PathBuf,
    /// The variables of the process environment.
    pub environment: Vec<(OsString, OsString)>,
    /// The file to read instead of `svc.toml`. It must exist.
    pub config: Option<PathBuf>,
    /// The `KEY=VALUE` arguments of `--set`.
    pub set: Vec<String>,
}

impl Sources {
    /// The working folder and environment of this process, with the values of its flags.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
    pub fn of_process(config: Option<PathBuf>, set: Vec<String>) -> Self {
        Self { folder: PathBuf::new(), environment: std::env::vars_os().collect(), config, set }
    }

    /// Whether `NO_COLOR` requests plain text (no-color.org).
    #[must_use]
    pub fn forbid_colour(&self) -> bool {
        self.environment.iter().any(|(name, value)| name == "NO_COLOR" && !value.is_empty())
    }

    /// The variables with which systemd says how a process reports its state.
    #[must_use]
    pub fn manager_variables(&self) -> ManagerVariables {
        let find = |wanted: &str| {
            let found = self.environment.iter().find(|(name, _)| name == wanted);
            found.and_then(|(_, value)| value.to_str()).filter(|value| !value.is_empty())
        };
        ManagerVariables {
            socket: find("NOTIFY_SOCKET").map(str::to_owned),
            watchdog: find("WATCHDOG_USEC")
                .and_then(|value| value.parse().ok())
                .filter(|micros| *micros > 0)
                .map(Duration::from_micros),
            watched_process: find("WATCHDOG_PID").and_then(|value| value.parse().ok()),
        }
    }

    /// The point at which a test makes the process abort. Only debug builds use it.
    #[must_use]
    pub fn fail_point(&self) -> Option<&str> {
        let found = self.environment.iter().find(|(name, _)| name == "SVC_TEST_FAIL_POINT");
        found.and_then(|(_, value)| value.to_str())
    }

    /// Reads all sources, merges them and checks the result. Returns all errors together.
    pub fn load(&self) -> Result<Loaded, ConfigErrors> {
        let schema = Schema::embedded()?;
        let mut layers = Layers::new(&schema, &self.folder);

        let (file, wanted) = match &self.config {
            Some(path) => (path.as_path(), true),
            None => (Path::new("svc.toml"), false),
        };
        if let Some(text) = read(&mut layers, file, wanted) {
            file::lay(&mut layers, &file.display().to_string(), &text);
        }
        let dotenv = match read(&mut layers, Path::new(".env"), false) {
            Some(text) => dotenv::read(&mut layers, &text),
            None => Vec::new(),
        };
        let process = of_process(&mut layers, &self.environment);
        lay_platform(&mut layers, &dotenv);
        lay_platform(&mut layers, &process);
        lay_own(&mut layers, &dotenv);
        lay_own(&mut layers, &process);
        self.lay_flags(&mut layers);
        let variables: Vec<_> = dotenv.into_iter().chain(process).collect();
        let traces = traces::read(&mut layers, &variables);

        let (merged, errors) = layers.finish();
        let (mut settings, warnings) = check::settings(&merged, errors, &self.folder)?;
        settings.traces = traces;
        Ok(Loaded::new(settings, warnings, &schema, &merged))
    }

    fn lay_flags(&self, layers: &mut Layers<'_>) {
        let mut layer = layers.layer(str::to_owned);
        for pair in &self.set {
            let origin = "flag --set".to_owned();
            match pair.split_once('=') {
                Some((key, value))
                    if key == "security.secret_key"
                        || key == "security.previous_secret_key"
                        || ["database.url", "database.direct_url"].contains(&key)
                            && DatabaseUrl::carries_password(value)
                        || key == "cache.url" && CacheUrl::carries_password(value)
                        || key == "mail.url" && MailUrl::carries_password(value)
                        || key == "queue.url" && QueueUrl::carries_password(value) =>
                {
                    layer.refuse(key, SECRET_ON_A_COMMAND_LINE, origin);
                }
                Some((key, value)) => layer.take(key, Value::from(value), origin),
                None => layer.layers.refuse(origin, "expected KEY=VALUE"),
            }
        }
    }
}

/// The text of a file, without the byte order mark that some editors add. Unless it is the file of
/// `--config`, it has to be a regular file: a read of a pipe waits until some program writes to it.
fn read(layers: &mut Layers<'_>, path: &Path, wanted: bool) -> Option<String> {
    let found = std::fs::metadata(layers.folder.join(path));
    if !wanted && found.is_ok_and(|found| !found.is_file()) {
        layers.refuse(path.display().to_string(), "it is not a regular file");
        return None;
    }
    match std::fs::read(layers.folder.join(path)) {
        Ok(bytes) => match text_of(&bytes) {
            Ok(text) => Some(text.to_owned()),
            Err(error) => {
                layers.refuse(path.display().to_string(), format!("the file is {error}"));
                None
            }
        },
        Err(error) if error.kind() == ErrorKind::NotFound && !wanted => None,
        Err(error) => {
            layers.refuse(path.display().to_string(), format!("failed to read the file: {error}"));
            None
        }
    }
}
