//! Creating a user, with a password or with an invitation.

use super::context::Context;
use super::exit::{CliError, Exit};
use super::operator;
use crate::domain::{DisplayName, Email, Metadata, OneLine, Role, User};
use crate::usecases::{Credential, RegisterError, Registrar, Registration};

/// The user to create.
pub(super) struct NewUser {
    email: Email,
    name: Option<DisplayName>,
    role: Role,
    email_verified: bool,
}

impl NewUser {
    /// Parses the options `--name` and `--role`.
    pub fn parse(
        email: Email,
        name: Option<&str>,
        role: &str,
        email_verified: bool,
    ) -> Result<Self, CliError> {
        let name = name.map(DisplayName::parse).transpose().map_err(|error| refused("name", &error))?;
        let role = role.parse().map_err(|error| refused("role", &error))?;
        Ok(Self { email, name, role, email_verified })
    }
}

/// The error for an invalid value of an option.
pub(super) fn refused(option: &str, reason: &dyn std::fmt::Display) -> CliError {
    CliError::new(Exit::BadData, format!("--{option}: {reason}"))
}

/// Creates the user.
pub(super) async fn register(
    context: &Context,
    new: NewUser,
    credential: Credential,
) -> Result<User, CliError> {
    let NewUser { email, name, role, email_verified } = new;
    let container = context.container()?;
    let container = context.able_to_change(container).await?;
    container.migrate_if_embedded().await.map_err(|error| context.store_error(&error))?;
    // Before the user is created: under another secret key the link in the mail would be useless.
    container.use_cases.prepare_signing_key.run().await.map_err(|error| context.key_error(&error))?;
    let (metadata, app_metadata) = (Metadata::default(), Metadata::default());
    let by = Registrar::Actor(operator::actor());
    let locale = None;
    let registration =
        Registration { email, credential, name, locale, metadata, app_metadata, role, email_verified, by };
    container.use_cases.register.run(registration).await.map_err(|error| match error {
        RegisterError::Closed => CliError::new(Exit::Failed, error.to_string()),
        RegisterError::EmailTaken => CliError::new(Exit::Exists, error.to_string()),
        RegisterError::WeakPassword(_) => CliError::new(Exit::BadData, error.to_string()),
        RegisterError::Failed(failure) => context.failure(&failure),
    })
}
