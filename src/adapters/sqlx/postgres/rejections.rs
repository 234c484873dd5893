//! Reasons never to use a database, with the remedy for an operator.

use super::limits::Limits;
use crate::config::Pooler;

/// The setting of the address that requests use.
pub(super) const MAIN: &str = "database.url";

/// Returns the reason for a pooler, at the address of `setting`, that gives each transaction another session.
pub(super) fn transactions(setting: &str) -> String {
    match setting {
        MAIN => "a pooler (such as PgBouncer in transaction mode) uses another session of the server for each transaction, \
                 so statements and their parameters would be mixed up: set database.pooler = \"transaction\", or run the \
                 pooler in session mode"
            .to_owned(),
        setting => format!(
            "{setting} is the address of a pooler that uses another session of the server for each transaction: name \
             the server itself, or a pooler in session mode"
        ),
    }
}

/// Returns the reason for a pooler, at the address of `setting`, that gives each statement another session.
pub(super) fn statements(setting: &str, pooler: Pooler) -> String {
    let cure = match (setting, pooler) {
        (MAIN, Pooler::Session) => "use pool_mode = transaction, and set database.pooler = \"transaction\"",
        (MAIN, Pooler::Transaction) => "use pool_mode = transaction",
        (_, _) => "name the server itself, or a pooler in session mode",
    };
    format!(
        "{setting} is the address of a pooler that uses another session of the server for each statement (pool_mode = \
         statement), but the service needs transactions: {cure}"
    )
}

/// Returns the reason for a server that did not apply the time limits.
pub(super) fn limits(differing: &str, limits: &Limits, user: &str) -> String {
    let cure: Vec<_> = limits
        .all()
        .iter()
        .map(|(name, limit)| format!("ALTER ROLE \"{user}\" SET {name} = {}", limit.as_millis()))
        .collect();
    format!(
        "the time limits of the session were not applied ({differing}), so a statement could run forever: {}",
        cure.join("; ")
    )
}

/// Returns the reason for a database that cannot store every character.
pub(super) fn encoding(encoding: &str) -> String {
    format!(
        "the encoding of the database is {encoding}, but UTF8 is required: create a database with CREATE DATABASE … \
         ENCODING 'UTF8' TEMPLATE template0"
    )
}
