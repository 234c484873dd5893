use secrecy::ExposeSecret;
use serde_json::Value;

use super::context::Context;
use super::exit::{CliError, Exit};
use super::hash_source::HashSource;
use super::output::user_value;
use super::password_source::PasswordSource;
use super::register::{NewUser, NewUserArgs, refused, register};
use crate::domain::{Email, NewPassword, User};
use crate::usecases::Credential;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Email address with which the user logs in
    #[arg(long, value_name = "EMAIL")]
    email: String,
    #[command(flatten)]
    new: NewUserArgs,
    /// Mark the email address as verified [default: mail a link to verify it]
    #[arg(long)]
    verified: bool,
    #[command(flatten)]
    password: PasswordSource,
    #[command(flatten)]
    hash: HashSource,
}

pub(super) async fn run(context: &Context, args: Args) -> Result<(), CliError> {
    let email = Email::parse(&args.email).map_err(|error| refused("email", &error))?;
    let new = NewUser::parse(email, &args.new, args.verified)?;
    if let Some(hash) = args.hash.read()? {
        let container = context.able_to_change(context.container()?).await?;
        let imported = container.use_cases.users.create.import(hash);
        let imported = imported.map_err(|error| {
            let hint = "without a hash, `svc user invite` lets the user set a new password";
            CliError::new(Exit::BadData, format!("{error}; {hint}"))
        })?;
        let user = register(context, &container, new, Credential::Imported(imported)).await?;
        return context.output.print(&row(&user, None));
    }
    let policy = context.loaded.settings.security.password.policy;
    let given = args.password.read(policy)?;
    let password = NewPassword::parse(given.text.expose_secret(), policy)
        .map_err(|error| CliError::new(Exit::BadData, error.to_string()))?;
    let container = context.able_to_change(context.container()?).await?;
    let user = register(context, &container, new, Credential::Password(password)).await?;
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
