use secrecy::ExposeSecret;
use serde_json::json;

use super::change::{changed, plan, sessions};
use crate::cli::confirm::ConfirmArgs;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::operator;
use crate::cli::password_source::{GivenPassword, PasswordSource};
use crate::cli::target::UserArgument;
use crate::domain::{NewPassword, UserRef};
use crate::usecases::{PlannedChange, SetUserPasswordError};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc user set-password ada@example.com
  svc user set-password ada@example.com --generate-password --yes -o json
  svc user set-password ada@example.com --password-stdin --yes < password.txt
  svc user set-password ada@example.com --keep-sessions

The output is the user as GET /api/v1/users/ID shows it, sessions_revoked (how many sessions \
were live), dry_run, and with --generate-password the password.")]
pub(super) struct Args {
    #[command(flatten)]
    user: UserArgument,
    #[command(flatten)]
    password: PasswordSource,
    /// Keep the sessions of the user [default: revoke all of them]
    #[arg(long)]
    keep_sessions: bool,
    #[command(flatten)]
    confirm: ConfirmArgs,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    args.user.parse()?;
    let container = context.changer_for(args.confirm).await?;
    let plan = plan(context, &container, &args.user, PlannedChange::RevokesSessions).await?;
    let revoked = if args.keep_sessions { 0 } else { plan.sessions };
    let of = plan.user.email.as_str();
    let question = if args.keep_sessions {
        format!("replace the password of {of} and keep {}", sessions(&plan))
    } else {
        format!("replace the password of {of} and revoke {}", sessions(&plan))
    };
    let policy = context.loaded.settings.security.password.policy;
    let weak = |weakness: &dyn std::fmt::Display| CliError::new(Exit::BadData, weakness.to_string());
    let parse = |given: &GivenPassword| {
        NewPassword::parse(given.text.expose_secret(), policy).map_err(|error| weak(&error))
    };
    if !args.confirm.decide(&question)? {
        if let Some(given) = args.password.read_given(policy)? {
            let password = parse(&given)?;
            password.check_against(&plan.user.email).map_err(|error| weak(&error))?;
        }
        return context.output.print(&changed(&plan.user, revoked, true));
    }
    let given = args.password.read(policy)?;
    let password = parse(&given)?;
    // By id: the email address may belong to another user by now.
    let set = &container.use_cases.users.set_password;
    let set = set.run(&UserRef::Id(plan.user.id), &password, args.keep_sessions, operator::actor()).await;
    let set = set.map_err(|error| match error {
        SetUserPasswordError::NotFound => args.user.unknown(),
        SetUserPasswordError::WeakPassword(weakness) => weak(&weakness),
        SetUserPasswordError::Failed(failure) => context.failure(&failure),
    })?;
    let mut value = changed(&set, revoked, false);
    if given.generated {
        value["password"] = json!(given.text.expose_secret());
        return context.output.print_once(&value);
    }
    context.output.print(&value)
}
