use std::fmt::Write;

use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::event::rows::data;
use crate::cli::exit::{CliError, Exit};
use crate::cli::output::{Format, Output};
use crate::cli::secret_input::read_token;
use crate::cli::wrap::paragraph;
use crate::domain::SigningKeyStatus;
use crate::ports::{CheckOutcome, InspectedToken, TokenCheck, TokenPart};
use crate::usecases::{StoredKeyError, TokenReport};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc token inspect
  svc token inspect < token.txt
  svc issue-token --user ID | jq -r .access_token | svc token inspect -o table

The token is read from standard input, or asked for on a terminal: other users of the machine \
can read arguments. Whether its session is live is not checked: svc session explain does.

The output is an object: valid, key_id, key_status (pending, active, retired or compromised; null \
for a key that is not stored), header, claims, issued_at, expires_at, and checks (a list of part, \
outcome and text: form, header, type, key, algorithm, signature, claims, issuer, audience, issued \
and expiry, each passed, failed or skipped). The exit code is 0 whether or not the token is \
valid, and 65 if it cannot be decoded.")]
pub(super) struct Args {}

pub(super) async fn run(context: &Context, _args: &Args) -> Result<(), CliError> {
    let text = read_token("Access token: ")?;
    let container = context.reader()?;
    let report = container.use_cases.tokens.inspect.run(&text).await;
    let report = report.map_err(|error| match error {
        StoredKeyError::OtherSecret => context.other_secret(),
        StoredKeyError::Failed(failure) => context.failure(&failure),
    })?;
    if let Some(TokenCheck { part: TokenPart::Form, outcome: CheckOutcome::Failed(why) }) =
        report.token.checks.first()
    {
        return Err(CliError::new(Exit::BadData, format!("this is no access token: {why}")));
    }
    match context.output.format() {
        Format::Json => context.output.print(&value(&report)),
        Format::Table => Output::print_text(&text_of(&report, context.output.width())),
    }
}

fn value(report: &TokenReport) -> Value {
    let mut value = inspected(&report.token);
    value["key_status"] = json!(report.key_status.map(SigningKeyStatus::as_str));
    value
}

/// An access token in the output.
pub(in crate::cli) fn inspected(token: &InspectedToken) -> Value {
    json!({
        "valid": token.is_valid(),
        "key_id": token.key_id,
        "header": token.header.as_deref().map(data),
        "claims": token.payload.as_deref().map(data),
        "issued_at": token.issued_at.map(|at| at.to_string()),
        "expires_at": token.expires_at.map(|at| at.to_string()),
        "checks": token.checks.iter().map(check).collect::<Value>(),
    })
}

fn check(check: &TokenCheck) -> Value {
    let (outcome, text) = outcome(check);
    json!({ "part": check.part.as_str(), "outcome": outcome, "text": text })
}

fn outcome(check: &TokenCheck) -> (&'static str, Option<&str>) {
    match &check.outcome {
        CheckOutcome::Passed => ("passed", None),
        CheckOutcome::Failed(why) => ("failed", Some(why)),
        CheckOutcome::Skipped => ("skipped", None),
    }
}

/// The report for a reader: the verdict, the claims one per line, and the checks.
fn text_of(report: &TokenReport, width: usize) -> String {
    let token = &report.token;
    let verdict = if token.is_valid() { "verifies" } else { "does not verify" };
    let mut text = format!("The token {verdict}.\n\n");
    for part in [&token.header, &token.payload] {
        if let Some(Value::Object(members)) = part.as_deref().map(data) {
            for (name, value) in members {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                paragraph(&mut text, width, &format!("{name:<10} "), &value);
            }
        }
    }
    if let Some(status) = report.key_status {
        let _ = writeln!(text, "{:<10} {status}", "key");
    }
    for (name, at) in [("issued", token.issued_at), ("expires", token.expires_at)] {
        if let Some(at) = at {
            let _ = writeln!(text, "{name:<10} {at}");
        }
    }
    text.push('\n');
    for check in &token.checks {
        let (outcome, why) = outcome(check);
        let why = why.map(|why| format!(": {why}")).unwrap_or_default();
        paragraph(&mut text, width, &format!("{:<10} ", check.part.as_str()), &format!("{outcome}{why}"));
    }
    text
}
