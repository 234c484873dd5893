//! `svc doctor`: measures the service and its surroundings, and says what to do.
//!
//! **Here**: the command, the findings about the settings (`configuration`), and their text form (`text`).

mod configuration;
mod text;

use serde_json::{Value, json};

use super::context::Context;
use super::exit::{CliError, Exit};
use super::output::Output;
use crate::config::ConfigErrors;
use crate::domain::counted;
use crate::usecases::{Finding, FindingState};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc doctor
  svc -o json doctor

With -o json, the output is an object: ok (false if a check failed) and checks (a list of check, \
state, measured, means and cure; state is ok, warn or fail, and means and cure are null if it \
is ok).")]
pub(super) struct Args {}

pub(super) async fn run(context: &Context, _: &Args) -> Result<(), CliError> {
    let mut findings = configuration::judge(&context.loaded);
    match context.surveyor() {
        Ok(container) => {
            findings.extend(container.examine().await);
            container.close().await;
        }
        Err(error) => findings.push(configuration::not_built(&error)),
    }
    report(&context.output, &findings)
}

/// Reports settings with which nothing else can be checked.
pub(super) fn refused(output: &Output, errors: &ConfigErrors) -> Result<(), CliError> {
    report(output, &configuration::errors(errors))
}

fn report(output: &Output, findings: &[Finding]) -> Result<(), CliError> {
    let failed = findings.iter().filter(|finding| finding.state == FindingState::Fail).count();
    if output.is_json() {
        let checks: Vec<Value> = findings.iter().map(row).collect();
        output.print(&json!({ "ok": failed == 0, "checks": checks }))?;
    } else {
        Output::print_text(&text::lines(findings, output.width()))?;
    }
    if failed == 0 {
        return Ok(());
    }
    Err(CliError::new(Exit::Failed, format!("{} failed", counted(failed as u64, "check"))))
}

fn row(finding: &Finding) -> Value {
    json!({
        "check": finding.check,
        "state": finding.state.as_str(),
        "measured": finding.measured,
        "means": finding.advice.as_ref().map(|advice| &advice.means),
        "cure": finding.advice.as_ref().map(|advice| &advice.cure),
    })
}
