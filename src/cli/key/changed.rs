//! The steps that all changing commands share: the preparation, the question, the output and the errors.

use serde_json::{Value, json};

use super::named::KeyArgument;
use crate::cli::columns::Column;
use crate::cli::confirm::ConfirmArgs;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::operator;
use crate::container::Container;
use crate::domain::{Actor, KeyBreak, KeyId, KeyRejection, SessionId, SigningKey};
use crate::usecases::{ChangeKeyError, KeyChanges};

/// What the help of a changing command says of its output.
macro_rules! output {
    () => {
        "The output is an object: changes (a list of change, id and algorithm, where change is generated, \
planned, activated, retired, removed or compromised), breaks (a list of texts about what stops \
working), planned (id and activates_at of the key that becomes active later, or null) and dry_run."
    };
    (of_leak) => {
        concat!(output!(), " With --compromised, sessions_revoked is the number of sessions that were ended.")
    };
}
pub(super) use output;

/// Builds the container, and checks that the secret key is that of the stored keys: a key that is encrypted
/// under another one would be useless to all other processes. A dry run prepares nothing.
pub(super) async fn prepared(context: &Context, confirmation: ConfirmArgs) -> Result<Container, CliError> {
    let container = context.changer_for(confirmation).await?;
    if confirmation.dry_run {
        return Ok(container);
    }
    container.migrate_if_embedded().await.map_err(|error| context.store_error(&error))?;
    container.use_cases.keys.prepare.run().await.map_err(|error| context.key_error(&error))?;
    Ok(container)
}

/// The options of a command that takes a key away.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct LeakArgs {
    /// The private key has leaked: refuse its tokens at once, sign with another key, and end the
    /// sessions whose tokens it signed
    #[arg(long, conflicts_with = "force")]
    compromised: bool,
    #[command(flatten)]
    confirmation: ConfirmArgs,
}

/// Takes a key away: as a leaked one where the options say so, and by `make` otherwise. `verb` names the
/// change in the question.
pub(super) async fn end(
    context: &Context,
    (key, leak): (&KeyArgument, LeakArgs),
    verb: &str,
    make: impl AsyncFn(&Container, &KeyId, bool) -> Result<KeyChanges, ChangeKeyError>,
) -> Result<(), CliError> {
    let container = prepared(context, leak.confirmation).await?;
    let id = key.find(context, &container).await?;
    if leak.compromised {
        return compromise(context, &container, &id, leak.confirmation, operator::actor()).await;
    }
    let what = format!("{verb} the key {id}");
    change(context, leak.confirmation, (&what, true), async |dry_run| make(&container, &id, dry_run).await)
        .await
}

/// Plans the changes of `make`, asks where that is due, makes them and prints them.
///
/// `make` runs once with `true`, for a dry run, and once more unless `--dry-run` was given. `what` names the
/// change in the question, which is asked if the change breaks something, or with `is_final`, if it cannot be
/// undone.
pub(super) async fn change(
    context: &Context,
    confirmation: ConfirmArgs,
    (what, is_final): (&str, bool),
    make: impl AsyncFn(bool) -> Result<KeyChanges, ChangeKeyError>,
) -> Result<(), CliError> {
    let run = async |dry_run| make(dry_run).await.map_err(|failed| error(context, &failed));
    let plan = run(true).await?;
    if !decide(confirmation, &plan, is_final, what)? {
        return print(context, &plan, None, true);
    }
    print(context, &run(false).await?, None, false)
}

/// Asks whether to make planned changes, if they break something or cannot be undone. Returns false for a dry
/// run.
fn decide(
    confirmation: ConfirmArgs,
    plan: &KeyChanges,
    is_final: bool,
    what: &str,
) -> Result<bool, CliError> {
    if confirmation.dry_run || (plan.breaks.is_empty() && !is_final) {
        return Ok(!confirmation.dry_run);
    }
    let breaks = plan.breaks.iter().map(ToString::to_string);
    let parts: Vec<String> = std::iter::once(what.to_owned()).chain(breaks).collect();
    confirmation.decide(&parts.join("; "))
}

/// Prints the changes: those that were made, or with `dry_run` those that would be.
pub(super) fn print(
    context: &Context,
    done: &KeyChanges,
    sessions_revoked: Option<u64>,
    dry_run: bool,
) -> Result<(), CliError> {
    let changes = done.changes.iter().map(|change| {
        let key = change.key();
        json!({ "change": change.as_str(), "id": key.id.0, "algorithm": key.algorithm.as_str() })
    });
    let mut value = json!({
        "changes": changes.collect::<Vec<_>>(),
        "breaks": done.breaks.iter().map(KeyBreak::to_string).collect::<Vec<_>>(),
        "planned": done.planned.as_ref().map(planned),
        "dry_run": dry_run,
    });
    if let Some(count) = sessions_revoked {
        value["sessions_revoked"] = json!(count);
    }
    if context.output.is_json() {
        context.output.print(&value)?;
    } else {
        // The log says below what stops working.
        if let Value::Object(members) = &mut value {
            members.shift_remove("breaks");
        }
        context.output.print_with_lists(&value, &[("changes", CHANGES)])?;
    }
    for broken in &done.breaks {
        tracing::warn!("{broken}");
    }
    if !dry_run
        && let Some(key) = &done.planned
        && let Some(at) = key.activates_at
    {
        tracing::info!(
            key = %key.id, %at,
            "the key becomes active at this time: by the worker, or by `svc key rotate` after it"
        );
    }
    Ok(())
}

const CHANGES: &[Column] =
    &[Column::text("change", 11), Column::text("id", 43), Column::rest("algorithm", 9)];

fn planned(key: &SigningKey) -> Value {
    json!({ "id": key.id.0, "activates_at": key.activates_at.map(|at| at.to_string()) })
}

/// Converts the error of a change. A rejection names the option that overrides it.
pub(super) fn error(context: &Context, error: &ChangeKeyError) -> CliError {
    match error {
        ChangeKeyError::Refused(KeyRejection::NotFound) => CliError::new(Exit::NoUser, error.to_string()),
        ChangeKeyError::Refused(rejection) => {
            let cure = match rejection {
                KeyRejection::TooEarly(_) => ": wait until then, or pass --force",
                KeyRejection::Signs => ": activate another key first (`svc key rotate`), or pass --force",
                KeyRejection::StillValid(_) => {
                    ": wait until then, or pass --force, or --compromised if the key has leaked"
                }
                KeyRejection::TooManyPending(_) => {
                    ": activate one (`svc key rotate`), or remove those that are not needed (`svc key remove KEY`)"
                }
                KeyRejection::TooManyPublished(_) => {
                    ": wait until the worker has removed retired ones, or remove some (`svc key list`, \
                     `svc key remove KEY`)"
                }
                _ => "",
            };
            CliError::new(Exit::Failed, format!("{rejection}{cure}"))
        }
        ChangeKeyError::Busy => CliError::new(Exit::Failed, error.to_string()),
        ChangeKeyError::Failed(failure) => context.failure(failure),
    }
}

/// Declares a key compromised, after a question: its tokens are refused, another key signs if it did, and the
/// sessions whose tokens it signed are ended.
async fn compromise(
    context: &Context,
    container: &Container,
    id: &KeyId,
    confirmation: ConfirmArgs,
    actor: Actor,
) -> Result<(), CliError> {
    let use_cases = &container.use_cases;
    let compromise = async |dry_run| {
        let done = use_cases.keys.compromise.run(id, dry_run, actor).await;
        done.map_err(|failed| error(context, &failed))
    };
    let plan = compromise(true).await?;
    let what = format!("refuse all tokens of the key {id}, and end the sessions whose tokens it signed");
    if !decide(confirmation, &plan, true, &what)? {
        let mut sessions = 0;
        for change in &plan.changes {
            let counted = use_cases.sessions.count_signed.run(change.key()).await;
            sessions += counted.map_err(|failure| context.failure(&failure))?;
        }
        return print(context, &plan, Some(sessions), true);
    }
    let done = compromise(false).await?;
    let mut sessions = 0;
    for change in &done.changes {
        sessions += end_sessions(context, container, change.key(), actor).await?;
    }
    print(context, &done, Some(sessions), false)
}

/// Ends the sessions that a compromised key signed tokens for. If the process dies, the worker goes on.
async fn end_sessions(
    context: &Context,
    container: &Container,
    key: &SigningKey,
    actor: Actor,
) -> Result<u64, CliError> {
    if key.compromised_at.is_none() {
        return Ok(0);
    }
    let (mut sessions, mut after): (u64, Option<SessionId>) = (0, None);
    loop {
        let slice = container.use_cases.keys.end_sessions.run(key, after, actor).await;
        let (ended, next) = slice.map_err(|failure| context.failure(&failure))?;
        sessions += ended;
        match next {
            Some(_) => after = next,
            None => return Ok(sessions),
        }
    }
}
