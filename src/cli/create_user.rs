use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::context::Context;
use super::exit::{CliError, Exit};
use super::hash_source::{GivenHash, HashSource};
use super::output::user_value;
use super::password_source::PasswordSource;
use super::register::{NewUser, NewUserArgs, refused, register};
use crate::container::Container;
use crate::domain::{Email, NewPassword, PasswordPolicy, User};
use crate::usecases::{Credential, ImportedHash};

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
    let given = Given::read(&args, context.loaded.settings.security.password.policy)?;
    let container = context.able_to_change(context.container()?).await?;
    let (credential, generated) = match given {
        Given::Hash(given) => (Credential::Imported(import(&container, given)?), None),
        Given::Password { password, generated } => (Credential::Password(password), generated),
    };
    let user = register(context, &container, new, credential).await?;
    match generated {
        Some(password) => context.output.print_once(&row(&user, Some(password.expose_secret().to_owned()))),
        None => context.output.print(&row(&user, None)),
    }
}

/// The credential from the arguments: a hash or a password.
enum Given {
    Hash(GivenHash),
    Password { password: NewPassword, generated: Option<SecretString> },
}

impl Given {
    fn read(args: &Args, policy: PasswordPolicy) -> Result<Self, CliError> {
        if let Some(hash) = args.hash.read()? {
            return Ok(Self::Hash(hash));
        }
        let given = args.password.read(policy)?;
        let password = NewPassword::parse(given.text.expose_secret(), policy)
            .map_err(|error| CliError::new(Exit::BadData, error.to_string()))?;
        Ok(Self::Password { password, generated: given.generated.then_some(given.text) })
    }
}

fn import(container: &Container, given: GivenHash) -> Result<ImportedHash, CliError> {
    let GivenHash { hash, source } = given;
    container.use_cases.users.create.import(hash).map_err(|error| {
        let hint = "without a hash, `svc user invite` lets the user set a new password";
        CliError::new(Exit::BadData, format!("{source}: {error}; {hint}"))
    })
}

/// The user, with the password if it was generated.
fn row(user: &User, generated: Option<String>) -> Value {
    let mut row = user_value(user);
    if let (Some(password), Value::Object(members)) = (generated, &mut row) {
        members.insert("password".to_owned(), Value::String(password));
    }
    row
}
