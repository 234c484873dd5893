use std::collections::BTreeSet;

use serde_json::json;

use crate::cli::confirm::ConfirmArgs;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::operator;
use crate::cli::selected::parse_user;
use crate::cli::target::{parse_session, unknown_session, unknown_user};
use crate::domain::{RevocationReason, SessionId, counted};
use crate::usecases::{
    PlanUserChangeError, PlannedChange, RevokeAllSessionsError, RevokeSeveralSessionsError,
};

#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("which").required(true)))]
#[command(after_long_help = "\
Examples:
  svc session revoke 01990000-0000-7000-8000-000000000001
  svc session revoke --user ada@example.com --yes
  svc session revoke --user ada@example.com --dry-run

Sessions that are named by ID are revoked together or not at all. The output is an object: \
sessions_revoked (how many were not revoked before) and dry_run.")]
pub(super) struct Args {
    /// IDs of the sessions, at most 256
    #[arg(value_name = "ID", group = "which")]
    ids: Vec<String>,
    /// Revoke all sessions of this user
    #[arg(long, value_name = "ID|EMAIL", group = "which", conflicts_with = "ids")]
    user: Option<String>,
    #[command(flatten)]
    confirm: ConfirmArgs,
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let revoked = match &args.user {
        Some(user) => revoke_of_user(context, args, user).await?,
        None => revoke_by_id(context, args).await?,
    };
    context.output.print(&json!({ "sessions_revoked": revoked, "dry_run": args.confirm.dry_run }))
}

async fn revoke_by_id(context: &Context, args: &Args) -> Result<u64, CliError> {
    let ids = args.ids.iter().map(|text| parse_session(text)).collect::<Result<Vec<_>, _>>()?;
    let container = context.changer_for(args.confirm).await?;
    let count = |sessions: BTreeSet<SessionId>| sessions.len() as u64;
    let plan = container.use_cases.sessions.revoke_several.plan(&ids).await;
    let plan = count(plan.map_err(|error| several_error(context, error))?);
    if !args.confirm.decide(&format!("revoke {}", counted(plan, "session")))? {
        return Ok(plan);
    }
    let revoked = container.use_cases.sessions.revoke_several.run(&ids, operator::actor()).await;
    Ok(count(revoked.map_err(|error| several_error(context, error))?))
}

async fn revoke_of_user(context: &Context, args: &Args, text: &str) -> Result<u64, CliError> {
    let user = parse_user(text)?;
    let container = context.changer_for(args.confirm).await?;
    let plan = container.use_cases.users.plan.run(&user, PlannedChange::RevokesSessions).await;
    let plan = plan.map_err(|error| match error {
        PlanUserChangeError::NotFound | PlanUserChangeError::LastAdmin => unknown_user(text),
        PlanUserChangeError::Failed(failure) => context.failure(&failure),
    })?;
    let question = format!("revoke {} of {}", counted(plan.sessions, "session"), plan.user.email.as_str());
    if !args.confirm.decide(&question)? {
        return Ok(plan.sessions);
    }
    let (actor, reason) = (operator::actor(), RevocationReason::EndedByAdmin);
    let revoked = container.use_cases.sessions.revoke_all.run(plan.user.id, None, actor, reason).await;
    revoked.map_err(|error| match error {
        RevokeAllSessionsError::NotFound => unknown_user(text),
        RevokeAllSessionsError::Failed(failure) => context.failure(&failure),
    })?;
    Ok(plan.sessions)
}

fn several_error(context: &Context, error: RevokeSeveralSessionsError) -> CliError {
    match error {
        RevokeSeveralSessionsError::NotFound(id) => unknown_session(id),
        RevokeSeveralSessionsError::TooMany => CliError::new(Exit::Usage, error.to_string()),
        RevokeSeveralSessionsError::Failed(failure) => context.failure(&failure),
    }
}
