//! Why a database is never used, and what an operator does about it.

use super::limits::Limits;
use crate::adapters::sqlx::options::Pooler;

/// The setting of the address that requests use.
pub(super) const MAIN: &str = "database.url";

/// A pooler, to which the setting leads, gives each transaction another session.
pub(super) fn transactions(setting: &str) -> String {
    match setting {
        MAIN => "a pooler (such as PgBouncer in transaction mode) gives each transaction another session of the server, so \
                 statements and their parameters would be mixed up: set database.pooler = \"transaction\", or have the \
                 pooler run in session mode"
            .to_owned(),
        setting => format!(
            "{setting} leads to a pooler that gives each transaction another session of the server: name the server \
             itself, or a pooler in session mode"
        ),
    }
}

/// A pooler, to which the setting leads, gives each statement another session.
pub(super) fn statements(setting: &str, pooler: Pooler) -> String {
    let cure = match (setting, pooler) {
        (MAIN, Pooler::Session) => "use pool_mode = transaction, and set database.pooler = \"transaction\"",
        (MAIN, Pooler::Transaction) => "use pool_mode = transaction",
        (_, _) => "name the server itself, or a pooler in session mode",
    };
    format!(
        "{setting} leads to a pooler that gives each statement another session of the server (pool_mode = statement), and \
         a change of the service is a transaction: {cure}"
    )
}

/// The server did not set limits that it was given.
pub(super) fn limits(differing: &str, limits: &Limits, user: &str) -> String {
    let cure: Vec<_> = limits
        .all()
        .iter()
        .map(|(name, limit)| format!("ALTER ROLE \"{user}\" SET {name} = {}", limit.as_millis()))
        .collect();
    format!(
        "the limits of the session do not hold ({differing}), so a statement may run without end: {}",
        cure.join("; ")
    )
}

/// The database cannot store every letter.
pub(super) fn encoding(encoding: &str) -> String {
    format!(
        "the encoding of the database is {encoding}, and UTF8 is needed: create a database by CREATE DATABASE … ENCODING \
         'UTF8' TEMPLATE template0"
    )
}
