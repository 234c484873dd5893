use clap::Subcommand;
use serde_json::{Value, json};

use super::context::Context;
use super::event::rows::data;
use super::exit::CliError;
use super::selected::Selected;
use crate::ports::events::AuditRow;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List audit entries, newest first: who did what to which user, and when
    #[command(after_long_help = "\
Examples:
  svc audit list --user ada@example.com
  svc audit list --since 24h --limit 10

The worker writes the entries. One whose event still waits (svc event stats) is not among them; svc \
event list prints all events.

The output is a list of objects: time, actor, type, subject, event (its ID) and data (of the \
event).")]
    List(Selected),
}

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let Action::List(selected) = &args.action;
    let container = context.reader()?;
    let rows = container.use_cases.audit.list.run(&selected.query()?).await;
    let rows = rows.map_err(|error| context.query_error(&error))?;
    let list = Value::Array(rows.iter().map(row).collect());
    let none = "audit entries; `svc event stats` shows the events that wait for the worker";
    context.output.say_if_empty(&list, none);
    context.output.print_entries(&list)
}

pub(super) fn row(row: &AuditRow) -> Value {
    json!({
        "time": row.at.to_string(),
        "actor": row.actor,
        "type": row.type_name,
        "subject": row.subject.to_string(),
        "event": row.event_id.to_string(),
        "data": data(&row.data),
    })
}
