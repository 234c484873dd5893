use std::fmt::Write;

use serde_json::{Value, json};

use super::row::shown;
use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::output::{Format, Output, user_value};
use crate::cli::secret_input::read_token;
use crate::cli::wrap::paragraph;
use crate::usecases::{ExplainSessionError, Explanation, Presented, Reason, TimelineEntry};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc session explain
  svc session explain < token.txt
  echo 01990000-0000-7000-8000-000000000001 | svc session explain -o table

The ID of a session, a refresh token or an access token is read from standard input, or asked \
for on a terminal: other users of the machine can read arguments. Nothing changes: a refresh \
token that was replaced does not end its session here.

The output is an object: presented (session_id, refresh_token or access_token), accepted, \
reasons (a list of code and text; empty if accepted), note, user and session (null if there is \
none), token (for an access token, as svc token inspect prints it) and timeline (a list of \
time, code, text, by, address and agent, oldest first). The exit code is 0 whether or not it is \
accepted.")]
pub(super) struct Args {}

pub(super) async fn run(context: &Context, _args: &Args) -> Result<(), CliError> {
    let text = read_token("Session ID, refresh token or access token: ")?;
    let container = context.reader()?;
    let explanation = container.use_cases.sessions.explain.run(&text).await;
    let explanation = explanation.map_err(|error| match error {
        ExplainSessionError::Unrecognized | ExplainSessionError::Malformed(_) => {
            CliError::new(Exit::BadData, error.to_string())
        }
        ExplainSessionError::OtherSecret => context.other_secret(),
        ExplainSessionError::NotFound => CliError::new(
            Exit::NoUser,
            "no session has this ID: it never existed, its user was deleted, or it ended longer than \
             retention.sessions ago",
        ),
        ExplainSessionError::Failed(failure) => context.failure(&failure),
    })?;
    match context.output.format() {
        Format::Json => context.output.print(&value(&explanation)),
        Format::Table => Output::print_text(&story(&explanation, context.output.width())),
    }
}

fn value(explanation: &Explanation) -> Value {
    let Explanation { presented, session, user, reasons, timeline, .. } = explanation;
    let token = match presented {
        Presented::AccessToken(token) => crate::cli::token::inspected(token),
        Presented::SessionId | Presented::RefreshToken(_) => Value::Null,
    };
    let session = session
        .as_ref()
        .zip(user.as_ref())
        .map(|(session, user)| shown(session, &user.email, session.state(explanation.at)));
    json!({
        "presented": kind(presented),
        "accepted": reasons.is_empty(),
        "reasons": reasons.iter().map(reason).collect::<Value>(),
        "note": note(explanation),
        "user": user.as_ref().map(user_value),
        "session": session,
        "token": token,
        "timeline": timeline.iter().map(entry).collect::<Value>(),
    })
}

const fn kind(presented: &Presented) -> &'static str {
    match presented {
        Presented::SessionId => "session_id",
        Presented::RefreshToken(_) => "refresh_token",
        Presented::AccessToken(_) => "access_token",
    }
}

/// The notes as one text; `None` if there is none.
fn note(explanation: &Explanation) -> Option<String> {
    let notes: Vec<_> = explanation.notes.iter().map(ToString::to_string).collect();
    (!notes.is_empty()).then(|| notes.join("; "))
}

fn reason(reason: &Reason) -> Value {
    json!({ "code": reason.code(), "text": reason.to_string() })
}

fn entry(entry: &TimelineEntry) -> Value {
    json!({
        "time": entry.at.to_string(),
        "code": entry.code,
        "text": entry.text,
        "by": entry.by,
        "address": entry.client.address.map(|address| address.to_string()),
        "agent": entry.client.agent,
    })
}

/// The explanation for a reader: the verdict, the reasons and the timeline.
fn story(explanation: &Explanation, width: usize) -> String {
    let what = match &explanation.presented {
        Presented::SessionId => "The session",
        Presented::RefreshToken(_) => "The refresh token",
        Presented::AccessToken(_) => "The access token",
    };
    let verdict = if explanation.reasons.is_empty() { "is accepted." } else { "is not accepted:" };
    let mut text = format!("{what} {verdict}\n");
    for reason in &explanation.reasons {
        paragraph(&mut text, width, "- ", &reason.to_string());
    }
    for note in &explanation.notes {
        paragraph(&mut text, width, "- ", &note.to_string());
    }
    if let Some(user) = &explanation.user {
        text.push('\n');
        paragraph(&mut text, width, "User     ", &format!("{} {}", user.id, user.email.as_str()));
    }
    if let Some(session) = &explanation.session {
        let gap = if explanation.user.is_some() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}Session  {}", session.id);
    }
    text.push('\n');
    for entry in &explanation.timeline {
        let time = entry.at.to_string();
        let time = time.get(..19).unwrap_or(&time).replace('T', " ");
        let mut what = entry.text.clone();
        if let Some(by) = &entry.by {
            let _ = write!(what, ", by {by}");
        }
        if let Some(address) = entry.client.address {
            let _ = write!(what, ", from {address}");
        }
        if let Some(agent) = &entry.client.agent {
            let _ = write!(what, ", {agent}");
        }
        paragraph(&mut text, width, &format!("{time}  "), &what);
    }
    text
}
