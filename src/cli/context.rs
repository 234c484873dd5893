use super::exit::{CliError, Exit};
use super::output::Output;
use crate::config::Loaded;
use crate::container::{BuildError, Container};
use crate::ports::StoreError;
use crate::usecases::{Failure, PrepareSigningKeyError};

/// What every subcommand has: the settings with where they came from, and where to print.
pub(super) struct Context {
    pub loaded: Loaded,
    pub output: Output,
}

impl Context {
    /// Builds the container that the settings describe.
    pub fn container(&self) -> Result<Container, CliError> {
        Container::build(&self.loaded.settings).map_err(|error| match error {
            BuildError::SecretKey(reason) => CliError::new(
                Exit::Config,
                format!("{reason}\n{}", self.loaded.how_to_set("security.secret_key")),
            ),
            BuildError::Store(error) => self.store_error(&error),
            BuildError::Hasher(reason) => CliError::new(Exit::Failed, reason),
        })
    }

    /// What to say when a use case could not do its work.
    pub fn failure(&self, failure: &Failure) -> CliError {
        match failure {
            Failure::Unavailable(reason) => self.database_error(reason),
            Failure::Overloaded => CliError::new(Exit::Unavailable, failure.to_string()),
            Failure::Broken(reason) => CliError::new(
                Exit::Failed,
                format!("{reason}; `svc migrate status` shows whether the schema is up to date"),
            ),
        }
    }

    /// What to say when the store did not answer as it should.
    pub fn store_error(&self, error: &StoreError) -> CliError {
        self.failure(&Failure::from(error.clone()))
    }

    /// What to say when there is no key to sign with.
    pub fn key_error(&self, error: &PrepareSigningKeyError) -> CliError {
        match error {
            PrepareSigningKeyError::OtherSecret => CliError::new(
                Exit::Config,
                format!("{error}\n{}", self.loaded.how_to_set("security.secret_key")),
            ),
            PrepareSigningKeyError::Failed(failure) => self.failure(failure),
        }
    }

    fn database_error(&self, reason: &str) -> CliError {
        CliError::new(Exit::Unavailable, format!("{reason}\n{}", self.loaded.how_to_set("database.url")))
    }
}
