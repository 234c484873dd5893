use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Arg, ValueEnum};
use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::output::{Output, OutputOption};
use crate::container::Container;
use crate::domain::{SigningKey, SigningKeyStatus, Timestamp};

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc key list
  svc key list -o json
  svc key list -o pem > public-keys.pem

A pending key is published and not used, an active one signs, a retired one is published until \
no token that it signed is valid. A compromised key is refused; it is listed until the sessions \
whose tokens it signed have ended.

With -o json: an array of objects with id, algorithm, status, created_at, activates_at (if that \
is planned), activated_at, retired_at, compromised_at, known_at (when a pending key can be \
activated) and removable_at. With -o pem: the public part of each published key.")]
#[command(arg = format())]
pub(super) struct Args {}

/// The option `--output`, with the format that this command alone has.
fn format() -> Arg {
    let formats = OutputOption::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    let formats = PossibleValuesParser::new(formats.map(|format| format.hide(false)));
    Arg::new("output")
        .long("output")
        .short('o')
        .global(true)
        .value_name("FORMAT")
        .help("Format of the output [default: table on a terminal, json elsewhere]")
        .value_parser(formats.try_map(|format| OutputOption::from_str(&format, false)))
}

/// How much of an id a narrow table shows: enough to name the key.
const SHOWN: usize = 16;
/// The width of a table with whole ids.
const WIDE: usize = 103;
/// The length of a time to the minute.
const MINUTE: usize = "2026-01-31T12:00".len();

pub(super) async fn run(context: &Context, _: &Args) -> Result<(), CliError> {
    let container = context.reader()?;
    let keys = container.use_cases.keys.list.run().await.map_err(|failure| context.failure(&failure))?;
    if context.output.is_pem {
        return Output::print_text(&pem(&container, &keys)?);
    }
    let all: Vec<_> = keys.iter().map(shown).collect();
    let shown_id = if context.output.width() < WIDE { SHOWN } else { usize::MAX };
    let rows: Vec<_> = keys.iter().map(|key| row(key, shown_id)).collect();
    context.output.say_if_empty(&Value::Array(all.clone()), "keys");
    context.output.print_with_table(&Value::Array(all), &Value::Array(rows))
}

fn pem(container: &Container, keys: &[SigningKey]) -> Result<String, CliError> {
    let published = keys.iter().filter(|key| key.status != SigningKeyStatus::Compromised);
    let pems = published.map(|key| {
        let pem = container.use_cases.keys.list.public_pem(key);
        pem.map_err(|error| CliError::new(Exit::Failed, format!("signing key {}: {error}", key.id)))
    });
    pems.collect()
}

fn shown(key: &SigningKey) -> Value {
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let pending = (key.status == SigningKeyStatus::Pending).then(|| key.known_at());
    json!({
        "id": key.id.0,
        "algorithm": key.algorithm.as_str(),
        "status": key.status.as_str(),
        "created_at": key.created_at.to_string(),
        "activates_at": time(key.activates_at),
        "activated_at": time(key.activated_at),
        "retired_at": time(key.retired_at),
        "compromised_at": time(key.compromised_at),
        "known_at": time(pending),
        "removable_at": time(key.removable_at()),
    })
}

/// A row with at most this many characters of the id.
fn row(key: &SigningKey, shown_id: usize) -> Value {
    let minute = |at: Option<Timestamp>| {
        at.map(|at| at.to_string().chars().take(MINUTE).collect::<String>().replace('T', " "))
    };
    let (since, next) = match key.status {
        SigningKeyStatus::Pending => (Some(key.created_at), key.activates_at),
        SigningKeyStatus::Active => (key.activated_at, None),
        SigningKeyStatus::Retired => (key.retired_at, key.removable_at()),
        SigningKeyStatus::Compromised => (key.compromised_at, None),
    };
    json!({
        "id": key.id.0.chars().take(shown_id).collect::<String>(),
        "algorithm": key.algorithm.as_str(),
        "status": key.status.as_str(),
        "since": minute(since),
        "until": minute(next),
    })
}
