//! Translates errors of sqlx into [`StoreError`]. No type of sqlx leaves this module, and no message contains
//! a URL or a password.

use std::fmt::Display;
use std::io;

use rustix::io::Errno;
use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::migrate::MigrateError;
use sqlx::postgres::PgDatabaseError;

use crate::ports::Migration;
use crate::ports::store::{Constraint, Obstacle, StoreError};

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => database_error(&*error),
            sqlx::Error::Migrate(error) => (*error).into(),
            error @ (sqlx::Error::RowNotFound
            | sqlx::Error::TypeNotFound { .. }
            | sqlx::Error::ColumnIndexOutOfBounds { .. }
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Encode(_)
            | sqlx::Error::Decode(_)) => Self::Corrupt(error.to_string()),
            // The pool of SQLite: its single writer, or a reader.
            sqlx::Error::PoolTimedOut => {
                Self::Unavailable("no database connection was free in time".to_owned())
            }
            // The pool is closed, or the connection broke.
            error => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            MigrateError::VersionMissing(version) => Migration::unknown(version),
            error => Self::Corrupt(error.to_string()),
        }
    }
}

/// Reports a value that the rules of the domain do not allow. The errors of the domain do not repeat the
/// value.
pub(super) fn corrupt(row: impl Display, column: &str, why: impl Display) -> StoreError {
    StoreError::Corrupt(format!("{row}: {column}: {why}"))
}

fn database_error(error: &dyn DatabaseError) -> StoreError {
    let text = error.message().to_owned();
    match error.kind() {
        ErrorKind::UniqueViolation => StoreError::Conflict(constraint(error)),
        // PostgreSQL reports a row that fits no partition in this way, without a constraint.
        ErrorKind::CheckViolation
            if error.try_downcast_ref::<PgDatabaseError>().is_some_and(|of| of.constraint().is_none()) =>
        {
            StoreError::Unavailable(text)
        }
        ErrorKind::ForeignKeyViolation
        | ErrorKind::NotNullViolation
        | ErrorKind::CheckViolation
        | ErrorKind::ExclusionViolation => StoreError::Conflict(Constraint::Other),
        _ if is_schema_behind(error) => {
            let text = "the schema is not up to date: run `svc migrate`".to_owned();
            StoreError::Blocked(Obstacle::Schema, text)
        }
        _ if lacks_right(error) => StoreError::Blocked(Obstacle::Rights, text),
        _ if is_about_disk(error) => StoreError::Blocked(Obstacle::Disk, text),
        _ if is_about_server_files(error) => StoreError::Blocked(Obstacle::ServerFiles, text),
        _ if is_read_only(error) => StoreError::ReadOnly(text),
        _ if is_about_schema(error) => StoreError::Corrupt(text),
        _ => StoreError::Unavailable(text),
    }
}

/// PostgreSQL gives the name of the constraint; SQLite lists the columns of the constraint in its message.
fn constraint(error: &dyn DatabaseError) -> Constraint {
    match error.constraint().unwrap_or(error.message()) {
        "users_email_key" | "UNIQUE constraint failed: users.email_key" => Constraint::UserEmail,
        "signing_keys_stage" | "UNIQUE constraint failed: signing_keys.algorithm, signing_keys.status" => {
            Constraint::SigningKeyStage
        }
        _ => Constraint::Other,
    }
}

/// Returns whether a table or a column is missing: the database has not been migrated yet, and may be at any
/// moment.
fn is_schema_behind(error: &dyn DatabaseError) -> bool {
    match error.try_downcast_ref::<PgDatabaseError>() {
        Some(error) => ["42P01", "42703"].contains(&error.code()),
        None => ["no such table", "no such column", "has no column named"]
            .iter()
            .any(|words| error.message().contains(words)),
    }
}

/// Returns whether the database refuses writes: a standby, a read-only setting of the server, or a file
/// without write permission.
fn is_read_only(error: &dyn DatabaseError) -> bool {
    match error.try_downcast_ref::<PgDatabaseError>() {
        Some(error) => error.code() == "25006",
        None => primary_code(error) == Some(8),
    }
}

/// Returns whether the role lacks a right on a table, or the process a right on a file. SQLite reports such a
/// file as one that it cannot open.
fn lacks_right(error: &dyn DatabaseError) -> bool {
    match error.try_downcast_ref::<PgDatabaseError>() {
        Some(error) => error.code() == "42501",
        // SQLITE_PERM, _CANTOPEN, _AUTH.
        None => primary_code(error).is_some_and(|code| matches!(code, 3 | 14 | 23)),
    }
}

/// Returns whether the disk of the database is full or fails.
fn is_about_disk(error: &dyn DatabaseError) -> bool {
    match error.try_downcast_ref::<PgDatabaseError>() {
        Some(error) => ["53100", "58030"].contains(&error.code()),
        // SQLITE_IOERR, _FULL.
        None => primary_code(error).is_some_and(|code| matches!(code, 10 | 13)),
    }
}

/// Returns whether PostgreSQL cannot open more files.
fn is_about_server_files(error: &dyn DatabaseError) -> bool {
    error.try_downcast_ref::<PgDatabaseError>().is_some_and(|error| error.code() == NO_MORE_FILES)
}

/// `insufficient_resources`, which PostgreSQL uses for EMFILE and ENFILE. Full disks, memory and connections
/// have codes of their own.
pub(super) const NO_MORE_FILES: &str = "53000";

/// Returns whether this process, or the machine, may open no more files, of which a connection is one.
pub(super) fn has_no_more_files(error: &io::Error) -> bool {
    let code = error.raw_os_error().map(Errno::from_raw_os_error);
    code.is_some_and(|code| matches!(code, Errno::MFILE | Errno::NFILE))
}

/// Returns the low byte of SQLite's extended error code.
pub(super) fn primary_code(error: &dyn DatabaseError) -> Option<i32> {
    error.code().and_then(|code| code.parse::<i32>().ok()).map(|code| code & 0xff)
}

/// Returns whether a retry cannot help, because the statement does not fit the schema or the data does not
/// fit the statement. All other errors are temporary: connections, locks, time-outs.
fn is_about_schema(error: &dyn DatabaseError) -> bool {
    match error.try_downcast_ref::<PgDatabaseError>() {
        // SQLSTATE classes: data exception, syntax error or missing object, internal error.
        Some(error) => ["22", "42", "XX"].iter().any(|class| error.code().starts_with(class)),
        // SQLITE_ERROR, _CORRUPT, _SCHEMA, _MISMATCH, _RANGE, _NOTADB.
        None => primary_code(error).is_some_and(|code| matches!(code, 1 | 11 | 17 | 20 | 25 | 26)),
    }
}
