//! `svc key`.

mod compromised;
mod crash;
mod limit;
mod list;
mod retired;
mod stages;
mod worker;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::support::app::Login;
use crate::support::process::Installation;

/// The time for which a key is published before it signs, and more.
const PUBLISHED: &str = "2026-01-01T00:00:00.000000Z";

/// The length of an id.
const ID: usize = 43;

/// The keys, oldest first.
fn keys(installation: &Installation) -> Vec<Value> {
    installation.run(&["key", "list"]).expect(0).json().as_array().unwrap().clone()
}

/// The statuses of the keys, sorted.
fn statuses(installation: &Installation) -> Vec<String> {
    let keys = keys(installation);
    let mut statuses: Vec<_> = keys.iter().map(|key| key["status"].as_str().unwrap().to_owned()).collect();
    statuses.sort();
    statuses
}

/// The id of the first key with this status.
fn id_of(installation: &Installation, status: &str) -> String {
    let keys = keys(installation);
    let key = keys.iter().find(|key| key["status"] == status).unwrap();
    key["id"].as_str().unwrap().to_owned()
}

/// Replaces `{STATUS}` by the id of the first key with this status.
pub(in crate::cli) fn with_key(installation: &Installation, word: &str) -> String {
    let status = word.strip_prefix('{').and_then(|word| word.strip_suffix('}'));
    status.map_or_else(|| word.to_owned(), |status| id_of(installation, status))
}

/// Stores that all keys were generated long ago.
async fn age(installation: &Installation) {
    installation.execute(&format!("UPDATE signing_keys SET created_at = '{PUBLISHED}'")).await;
}

/// Runs `svc key` with these arguments. An id that begins with a hyphen would be read as an option.
fn key(installation: &Installation, arguments: &[&str]) -> crate::support::process::Ran {
    let (ids, others): (Vec<&str>, Vec<&str>) =
        arguments.iter().partition(|argument| argument.starts_with('-') && argument.len() == ID);
    installation.run(&[&["key"], &*others, &["--"], &*ids].concat())
}

/// The changes that a command printed, such as `["retired", "activated"]`.
fn changes(printed: &Value) -> Vec<&str> {
    let changes = printed["changes"].as_array().unwrap();
    changes.iter().map(|change| change["change"].as_str().unwrap()).collect()
}

/// The key that signed the access token.
pub(in crate::cli) fn signer(login: &Login) -> String {
    let header = URL_SAFE_NO_PAD.decode(login.access.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}
