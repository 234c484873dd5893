use clap::Subcommand;
use serde_json::{Value, json};

use super::context::Context;
use super::exit::CliError;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum Action {
    /// Check the settings, and exit with code 78 if they are wrong
    #[command(after_long_help = "\
Examples:
  svc config check
  svc --config /etc/svc.toml config check

The output is an object: ok (true), environment, traces (the URL that takes spans, or null) and \
warnings (a list of texts). Wrong settings are errors.")]
    Check,
    /// Show every setting, with secrets redacted
    #[command(after_long_help = "\
Examples:
  svc config show
  svc config show --sources

The output is a list of objects: key, value (a text) and, with --sources, source.")]
    Show {
        /// Show the source of each setting too
        #[arg(long)]
        sources: bool,
    },
}

pub(super) fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    match args.action {
        Action::Check => {
            context.check()?;
            let environment = context.loaded.settings.environment.to_string();
            let warnings = context.loaded.warnings();
            let traces = context.loaded.settings.traces.as_ref().map(|traces| &traces.endpoint);
            let checked =
                json!({ "ok": true, "environment": environment, "traces": traces, "warnings": warnings });
            context.output.print(&checked)
        }
        Action::Show { sources } if context.output.is_json() => {
            context.output.print(&settings(context, sources))
        }
        Action::Show { sources } => context.output.print_entries(&paragraphs(context, sources)),
    }
}

fn settings(context: &Context, sources: bool) -> Value {
    let rows = context.loaded.explain().iter().map(|setting| {
        let mut row = json!({ "key": setting.key, "value": setting.value });
        if sources {
            row["source"] = json!(setting.origin);
        }
        row
    });
    Value::Array(rows.collect())
}

/// The settings for a terminal: a line per setting, or with its source, which is too long for that, a
/// paragraph.
fn paragraphs(context: &Context, sources: bool) -> Value {
    let explained = context.loaded.explain().iter();
    if sources {
        let rows = explained.map(|setting| {
            json!({ "key": setting.key, "value": wrappable(&setting.value), "source": setting.origin })
        });
        Value::Array(rows.collect())
    } else {
        let values = explained.map(|setting| (setting.key.clone(), json!(wrappable(&setting.value))));
        json!([Value::Object(values.collect())])
    }
}

/// Adds a space after each item of a list, where a line can end.
fn wrappable(value: &str) -> String {
    if value.starts_with('[') { value.replace("\",\"", "\", \"") } else { value.to_owned() }
}
