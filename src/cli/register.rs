//! Creating a user, with a password, with a hash of one, or with an invitation.

use super::context::Context;
use super::exit::{CliError, Exit};
use super::operator;
use super::values::word;
use crate::container::Container;
use crate::domain::{DisplayName, Email, Locale, OneLine, Role, User};
use crate::usecases::{self, CreateUserError, Credential};

/// The user to create.
pub(super) struct NewUser {
    email: Email,
    name: Option<DisplayName>,
    locale: Option<Locale>,
    role: Role,
    email_verified: bool,
}

/// The options that say something about a new user.
#[derive(Debug, clap::Args)]
pub(super) struct NewUserArgs {
    /// Display name of the user
    #[arg(long)]
    name: Option<String>,
    /// Language of mails to the user, such as de [default: `service.language`]
    #[arg(long, value_name = "LANGUAGE")]
    locale: Option<String>,
    /// Role of the user
    #[arg(long, default_value = "user", value_parser = word::<Role>(Role::WORDS))]
    role: Role,
}

impl NewUser {
    /// Parses the options.
    pub fn parse(email: Email, args: &NewUserArgs, email_verified: bool) -> Result<Self, CliError> {
        let NewUserArgs { name, locale, role } = args;
        let name = name.as_deref().map(DisplayName::parse).transpose();
        let name = name.map_err(|error| refused("name", &error))?;
        let locale = locale.as_deref().map(Locale::parse).transpose();
        let locale = locale.map_err(|error| refused("locale", &error))?;
        Ok(Self { email, name, locale, role: *role, email_verified })
    }
}

/// The error for an invalid value of an option.
pub(super) fn refused(option: &str, reason: &dyn std::fmt::Display) -> CliError {
    CliError::new(Exit::BadData, format!("--{option}: {reason}"))
}

/// Creates the user.
pub(super) async fn register(
    context: &Context,
    container: &Container,
    new: NewUser,
    credential: Credential,
) -> Result<User, CliError> {
    let NewUser { email, name, locale, role, email_verified } = new;
    container.migrate_if_embedded().await.map_err(|error| context.store_error(&error))?;
    // Before the user is created: under another secret key the link in the mail would be useless.
    container.use_cases.keys.prepare.run().await.map_err(|error| context.key_error(&error))?;
    let new = usecases::NewUser { name, locale, role, email_verified, ..usecases::NewUser::new(email) };
    container.use_cases.users.create.run(new, credential, operator::actor()).await.map_err(
        |error| match error {
            CreateUserError::Closed => CliError::new(Exit::Failed, error.to_string()),
            CreateUserError::EmailTaken => CliError::new(Exit::Exists, error.to_string()),
            CreateUserError::WeakPassword(_) => CliError::new(Exit::BadData, error.to_string()),
            CreateUserError::Failed(failure) => context.failure(&failure),
        },
    )
}
