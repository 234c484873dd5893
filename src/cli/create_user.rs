use secrecy::ExposeSecret;
use serde_json::Value;

use super::context::Context;
use super::exit::{CliError, Exit};
use super::operator;
use super::output::user_value;
use super::password_source::PasswordSource;
use crate::domain::{DisplayName, Email, Metadata, NewPassword, OneLine, Role, User};
use crate::usecases::{RegisterError, Registrar, Registration};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Email address with which the user logs in
    #[arg(long, value_name = "EMAIL")]
    email: String,
    /// Display name of the user
    #[arg(long)]
    name: Option<String>,
    /// Role of the user: user or admin
    #[arg(long, default_value = "user")]
    role: String,
    /// Mark the email address as verified [default: mail a link to verify it]
    #[arg(long)]
    verified: bool,
    #[command(flatten)]
    password: PasswordSource,
}

pub(super) async fn run(context: &Context, args: Args) -> Result<(), CliError> {
    let refused = |option: &str, reason: &dyn std::fmt::Display| {
        CliError::new(Exit::BadData, format!("--{option}: {reason}"))
    };
    let email = Email::parse(&args.email).map_err(|error| refused("email", &error))?;
    let name =
        args.name.as_deref().map(DisplayName::parse).transpose().map_err(|error| refused("name", &error))?;
    let role: Role = args.role.parse().map_err(|error| refused("role", &error))?;
    let policy = context.loaded.settings.security.password.policy;
    let given = args.password.read(policy)?;
    let password = NewPassword::parse(given.text.expose_secret(), policy)
        .map_err(|error| CliError::new(Exit::BadData, error.to_string()))?;

    let container = context.container()?;
    let container = context.able_to_change(container).await?;
    container.migrate_if_embedded().await.map_err(|error| context.store_error(&error))?;
    // Before the user is created: under another secret key the link in the mail would be useless.
    container.use_cases.prepare_signing_key.run().await.map_err(|error| context.key_error(&error))?;
    let by = Registrar::Actor(operator::actor());
    let (metadata, app_metadata, email_verified) = (Metadata::default(), Metadata::default(), args.verified);
    let locale = None;
    let registration =
        Registration { email, password, name, locale, metadata, app_metadata, role, email_verified, by };
    let user = container.use_cases.register.run(registration).await.map_err(|error| match error {
        RegisterError::EmailTaken => CliError::new(Exit::Exists, error.to_string()),
        RegisterError::WeakPassword(weakness) => CliError::new(Exit::BadData, weakness.to_string()),
        RegisterError::Failed(failure) => context.failure(&failure),
    })?;
    if given.generated {
        context.output.print_once(&row(&user, Some(given.text.expose_secret().to_owned())))
    } else {
        context.output.print(&row(&user, None))
    }
}

/// The user, with the password if it was generated.
fn row(user: &User, generated: Option<String>) -> Value {
    let mut row = user_value(user);
    if let (Some(password), Value::Object(members)) = (generated, &mut row) {
        members.insert("password".to_owned(), Value::String(password));
    }
    row
}
