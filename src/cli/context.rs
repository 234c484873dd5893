use super::exit::{CliError, Exit};
use super::output::Output;
use crate::config::{DatabaseUrl, Loaded, SecretKeySource};
use crate::container::{BuildError, Container};
use crate::ports::{StoreError, Unusable};
use crate::usecases::{Failure, PrepareSigningKeyError};
use crate::worker::FailPoints;

/// What every subcommand has: the settings with where they came from, and where to print.
pub(super) struct Context {
    pub loaded: Loaded,
    pub output: Output,
    pub fail_points: FailPoints,
}

impl Context {
    /// Builds the container that the settings describe.
    pub fn container(&self) -> Result<Container, CliError> {
        let builder = Container::builder(&self.loaded.settings).fail_points(self.fail_points.clone());
        builder.build().map_err(|error| self.build_error(error))
    }

    /// Finds what is wrong with the files that the settings name.
    pub fn check(&self) -> Result<(), CliError> {
        Container::check(&self.loaded.settings).map_err(|error| self.build_error(error))
    }

    fn build_error(&self, error: BuildError) -> CliError {
        match error {
            BuildError::SecretKey(reason) => self.refusal(Exit::Config, "security.secret_key", reason),
            BuildError::Store(error) => self.store_error(&error),
            BuildError::Cache(reason) => self.refusal(Exit::Config, "cache.url", reason),
            BuildError::JinjaMailTemplates(reason) => self.refusal(Exit::Config, "mail.templates", reason),
            BuildError::Mail(reason) => self.refusal(Exit::Config, "mail.url", reason),
            BuildError::Memory(reason) => self.refusal(Exit::Config, "limits.memory", reason),
            BuildError::Hasher(reason) => CliError::new(Exit::Failed, reason),
        }
    }

    /// What to say when a use case could not do its work.
    pub fn failure(&self, failure: &Failure) -> CliError {
        self.failure_of("database.url", &self.loaded.settings.database.url, failure)
    }

    /// What to say when the store did not answer as it should.
    pub fn store_error(&self, error: &StoreError) -> CliError {
        match (error, &self.loaded.settings.database.direct_url) {
            (StoreError::Direct(fault), Some(url)) => {
                self.failure_of("database.direct_url", url, &Failure::from((**fault).clone()))
            }
            (error, _) => self.failure(&Failure::from(error.clone())),
        }
    }

    /// What to say of a failure; of the database, which this setting names, if it is one of the database.
    fn failure_of(&self, key: &str, url: &DatabaseUrl, failure: &Failure) -> CliError {
        let database = |exit, reason: &str| self.refusal(exit, key, format!("{url}: {reason}"));
        match failure {
            Failure::Unavailable(reason) => database(Exit::Unavailable, reason),
            Failure::Unusable(Unusable::Login, reason) => database(Exit::NotPermitted, reason),
            Failure::Unusable(Unusable::Address | Unusable::Unsupported, reason) => {
                database(Exit::Config, reason)
            }
            Failure::RateLimited(_) | Failure::Banned(_) | Failure::Overloaded => {
                CliError::new(Exit::Unavailable, failure.to_string())
            }
            Failure::Broken(reason) => database(
                Exit::Failed,
                &format!("{reason}; `svc migrate status` shows whether the schema is up to date"),
            ),
        }
    }

    /// What to say when there is no key to sign with.
    pub fn key_error(&self, error: &PrepareSigningKeyError) -> CliError {
        match error {
            PrepareSigningKeyError::OtherSecret => {
                let cure = match &self.loaded.settings.security.secret_key {
                    SecretKeySource::Given(_) => {
                        "than the one given. Give the key that this database was used with, or, to change the key, \
                         set security.previous_secret_key to that key"
                            .to_owned()
                    }
                    SecretKeySource::File(path) => format!(
                        "than the one in {}. Restore the file that this database was used with; it belongs with the \
                         database",
                        path.display()
                    ),
                };
                let reason = format!("{error} {cure}. If that key is lost or has leaked: docs/secret-key.md");
                self.refusal(Exit::Config, "security.secret_key", reason)
            }
            PrepareSigningKeyError::Failed(failure) => self.failure(failure),
        }
    }

    /// What to say when the value of a setting turned out not to do.
    pub fn refusal(&self, exit: Exit, key: &str, reason: impl Into<String>) -> CliError {
        CliError::new(exit, self.loaded.refusal(key, reason).to_string())
    }
}
