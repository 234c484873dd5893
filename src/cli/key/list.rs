use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::exit::{CliError, Exit};
use crate::cli::output::Output;
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
pub(super) struct Args {}

/// How much of an id the table shows: enough to name the key.
const SHOWN: usize = 16;
/// The length of a time to the minute.
const MINUTE: usize = "2026-01-31T12:00".len();

pub(super) async fn run(context: &Context, _: &Args) -> Result<(), CliError> {
    let container = context.reader()?;
    let keys = container.use_cases.list_keys.run().await.map_err(|failure| context.failure(&failure))?;
    if context.output.is_pem {
        return Output::print_text(&pem(&container, &keys)?);
    }
    let all: Vec<_> = keys.iter().map(shown).collect();
    let rows: Vec<_> = keys.iter().map(row).collect();
    context.output.print_with_table(&Value::Array(all), &Value::Array(rows))
}

fn pem(container: &Container, keys: &[SigningKey]) -> Result<String, CliError> {
    let published = keys.iter().filter(|key| key.status != SigningKeyStatus::Compromised);
    let pems = published.map(|key| {
        let pem = container.use_cases.list_keys.public_pem(key);
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

/// A row of at most 80 columns.
fn row(key: &SigningKey) -> Value {
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
        "id": key.id.0.chars().take(SHOWN).collect::<String>(),
        "algorithm": key.algorithm.as_str(),
        "status": key.status.as_str(),
        "since": minute(since),
        "until": minute(next),
    })
}
