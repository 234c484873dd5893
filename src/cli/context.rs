use std::time::Duration;

use super::confirm::ConfirmArgs;
use super::exit::{CliError, Exit};
use super::output::Output;
use super::service_manager::ServiceManager;
use crate::config::{DatabaseUrl, Loaded, SecretKeySource};
use crate::container::Container;
use crate::container::error::BuildError;
use crate::container::missing::Missing;
use crate::domain::Timestamp;
use crate::ports::{Obstacle, StoreError, Unusable};
use crate::usecases::{EventQueryError, Failure, StoredKeyError};
use crate::worker::FailPoints;

/// By how much the clocks of this machine and the database server may differ. Keys are published, and tokens
/// valid, for minutes at least.
const APART: Duration = Duration::from_mins(1);

/// The context of all subcommands: the settings with their origins, and the output.
pub(super) struct Context {
    pub loaded: Loaded,
    pub output: Output,
    pub fail_points: FailPoints,
    pub manager: ServiceManager,
}

impl Context {
    /// Builds the container of a command that may be the first one of an installation: it creates an embedded
    /// database and a secret key where there is none.
    pub fn container(&self) -> Result<Container, CliError> {
        self.build(Missing::Created, Missing::Created)
    }

    /// Builds the container for a command that only reads: it creates no key, no folder and no database.
    pub fn reader(&self) -> Result<Container, CliError> {
        self.build(Missing::Refused, Missing::Replaced)
    }

    /// Builds the container for a command that describes an installation before there is one.
    pub fn surveyor(&self) -> Result<Container, CliError> {
        self.build(Missing::Replaced, Missing::Replaced)
    }

    /// Builds the container for a command that changes what is stored. Where there is no database, the
    /// command was started in a wrong folder or without its settings, and would change a new one instead.
    pub async fn changer(&self) -> Result<Container, CliError> {
        self.able_to_change(self.build(Missing::Refused, Missing::Refused)?).await
    }

    /// Builds the container for a change: with `--dry-run`, one that only reads. Fails as the change would.
    pub async fn changer_for(&self, confirm: ConfirmArgs) -> Result<Container, CliError> {
        if confirm.dry_run { self.able_to_change(self.reader()?).await } else { self.changer().await }
    }

    /// Fails if a newer release has migrated an embedded database, as `svc serve` does, and if the times that
    /// the command would store are wrong.
    pub async fn able_to_change(&self, container: Container) -> Result<Container, CliError> {
        container.refuse_newer_if_embedded().await.map_err(|error| self.store_error(&error))?;
        let clocks = container.clocks().await.map_err(|error| self.store_error(&error))?;
        clocks.map_or(Ok(()), |(ours, server)| refuse_wrong_clock(ours, server))?;
        Ok(container)
    }

    fn build(&self, database: Missing, key: Missing) -> Result<Container, CliError> {
        let builder = Container::builder(&self.loaded.settings).fail_points(self.fail_points.clone());
        builder.missing(database, key).build().map_err(|error| self.build_error(error))
    }

    /// Checks the files that the settings name, and the memory limits.
    pub fn check(&self) -> Result<(), CliError> {
        Container::check(&self.loaded.settings).map_err(|error| self.build_error(error))
    }

    /// Converts an error of building the container, or its endpoint.
    pub fn build_error(&self, error: BuildError) -> CliError {
        match error {
            BuildError::SecretKey(reason) => self.rejection(Exit::Config, "security.secret_key", reason),
            BuildError::NoDatabase(path) => self.rejection(
                Exit::Config,
                "database.url",
                format!(
                    "there is no database at {}. Run the command in the folder of the service and with its settings; a new \
                     installation begins with `svc serve` or `svc create-user`",
                    path.display()
                ),
            ),
            BuildError::NoSecretKey(path) => self.rejection(
                Exit::Config,
                "security.secret_key",
                format!(
                    "there is no secret key at {}. Run the command in the folder of the service and with its settings",
                    path.display()
                ),
            ),
            BuildError::Store(error) => self.store_error(&error),
            BuildError::Cache(reason) => self.rejection(Exit::Config, "cache.url", reason),
            BuildError::Language(reason) => self.rejection(Exit::Config, "service.language", reason),
            BuildError::JinjaMailTemplates(reason) => self.rejection(Exit::Config, "mail.templates", reason),
            BuildError::Pages(reason) => self.rejection(Exit::Config, "account.templates", reason),
            BuildError::Logo(reason) => self.rejection(Exit::Config, "service.logo", reason),
            BuildError::Mail(reason) => self.rejection(Exit::Config, "mail.url", reason),
            BuildError::Memory(reason) => self.rejection(Exit::Config, "limits.memory", reason),
            BuildError::Hasher(reason) => CliError::new(Exit::Failed, reason.to_string()),
        }
    }

    /// Converts the failure of a use case to an error.
    pub fn failure(&self, failure: &Failure) -> CliError {
        let database = &self.loaded.settings.database;
        match (failure, &database.direct_url) {
            (Failure::Broker(reason), _) => {
                let url = &self.loaded.settings.queue.url;
                self.rejection(Exit::Unavailable, "queue.url", format!("{url}: {reason}"))
            }
            (Failure::Direct(failure), Some(url)) => self.failure_of("database.direct_url", url, failure),
            _ => self.failure_of("database.url", &database.url, failure),
        }
    }

    /// Converts an error of the store to an error of the command line.
    pub fn store_error(&self, error: &StoreError) -> CliError {
        self.failure(&Failure::from(error.clone()))
    }

    /// Converts a failure. A failure of the database names this setting.
    fn failure_of(&self, key: &str, url: &DatabaseUrl, failure: &Failure) -> CliError {
        let database = |exit, reason: &str| self.rejection(exit, key, format!("{url}: {reason}"));
        match failure {
            Failure::Unavailable(reason) => database(Exit::Unavailable, reason),
            Failure::ReadOnly(reason) => match url {
                // Its file or folder may not be written. A server may be a standby that becomes the primary.
                DatabaseUrl::Sqlite(_) => database(Exit::NotPermitted, reason),
                DatabaseUrl::Postgres(_) => database(Exit::Unavailable, reason),
            },
            Failure::Blocked(Obstacle::Schema | Obstacle::NoFile, reason) => database(Exit::Config, reason),
            Failure::Blocked(Obstacle::Disk, reason) => database(Exit::Io, reason),
            Failure::Blocked(Obstacle::OpenFiles, reason) => database(
                Exit::Io,
                &format!("{reason}; raise the limit (`ulimit -n`, or `LimitNOFILE=` of a unit of systemd)"),
            ),
            Failure::Blocked(Obstacle::ServerFiles, reason) => database(
                Exit::Io,
                &format!(
                    "{reason}; raise the limit of the database server (`LimitNOFILE=` of its unit, `fs.file-max`), or \
                     lower its `max_files_per_process`"
                ),
            ),
            Failure::Blocked(Obstacle::Rights, reason) | Failure::Unusable(Unusable::Login, reason) => {
                database(Exit::NotPermitted, reason)
            }
            Failure::Unusable(Unusable::Address | Unusable::Unsupported, reason) => {
                database(Exit::Config, reason)
            }
            Failure::Direct(_)
            | Failure::Broker(_)
            | Failure::RateLimited(_)
            | Failure::Banned(_)
            | Failure::Overloaded => CliError::new(Exit::Unavailable, failure.to_string()),
            Failure::Broken(reason) => database(
                Exit::Failed,
                &format!("{reason}; run `svc migrate status` to check whether the schema is up to date"),
            ),
        }
    }

    /// Converts the error of a query for events.
    pub fn query_error(&self, error: &EventQueryError) -> CliError {
        match error {
            EventQueryError::NoSuchUser(_) => CliError::new(Exit::NoUser, error.to_string()),
            EventQueryError::Failed(failure) => self.failure(failure),
        }
    }

    /// Converts the error of a missing signing key.
    pub fn key_error(&self, error: &StoredKeyError) -> CliError {
        match error {
            StoredKeyError::OtherSecret => self.other_secret(),
            StoredKeyError::Failed(failure) => self.failure(failure),
        }
    }

    /// The error of a process whose secret key is not that of the stored signing keys.
    pub fn other_secret(&self) -> CliError {
        let error = StoredKeyError::OtherSecret;
        let cure = match &self.loaded.settings.security.secret_key {
            SecretKeySource::Given(_) => {
                "than the configured one. Set the key that this database was used with, or, to change the key, \
                 set security.previous_secret_key to that key"
                    .to_owned()
            }
            SecretKeySource::File(path) => format!(
                "than the one in {}. Restore the file that this database was used with, for example from the \
                 backup of the database",
                path.display()
            ),
        };
        let reason = format!("{error} {cure}. If that key is lost or has leaked, see docs/secret-key.md");
        self.rejection(Exit::Config, "security.secret_key", reason)
    }

    /// An error about the value of a setting that was found only when it was used.
    pub fn rejection(&self, exit: Exit, key: &str, reason: impl Into<String>) -> CliError {
        CliError::new(exit, self.loaded.rejection(key, reason).to_string())
    }
}

fn refuse_wrong_clock(ours: Timestamp, server: Timestamp) -> Result<(), CliError> {
    let (ahead, behind) = (ours.since(server), server.since(ours));
    let apart = ahead.max(behind);
    if apart <= APART {
        return Ok(());
    }
    let direction = if ahead > behind { "ahead of" } else { "behind" };
    let apart = humantime::format_duration(Duration::from_secs(apart.as_secs()));
    Err(CliError::new(
        Exit::Failed,
        format!(
            "the clock of this machine is {apart} {direction} that of the database server, so the command would store \
             wrong times; nothing was changed. Set the clock first (`timedatectl set-ntp true`)"
        ),
    ))
}
