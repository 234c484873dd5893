//! The cause for which SQLite cannot open a file. SQLite does not give the error of the operating system.

use std::fmt::Display;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use rustix::fs::{Access, access};
use rustix::io::Errno;
use sqlx::SqlitePool;

use crate::adapters::sqlx::error::{has_no_more_files, primary_code};
use crate::ports::store::{Obstacle, StoreError};

/// `SQLITE_IOERR`, which a folder in place of the file causes too, and `SQLITE_CANTOPEN`.
const HAS_CAUSE: [i32; 2] = [10, 14];

/// How many files a connection opens at most: the database, those beside it, and their folder.
const FILES: usize = 8;

/// Translates an error of an embedded database. One that a file could not be opened or read has the cause.
pub(in crate::adapters::sqlx) fn failure(error: sqlx::Error, pool: &SqlitePool) -> StoreError {
    let code = error.as_database_error().and_then(primary_code);
    if !code.is_some_and(|code| HAS_CAUSE.contains(&code)) {
        return error.into();
    }
    match find_cause(pool.connect_options().get_filename()) {
        Ok(()) => error.into(),
        Err(cause) => blocked("unable to open database file", &cause),
    }
}

/// The error of an operation that this keeps from a file.
pub(in crate::adapters::sqlx) fn blocked(what: impl Display, cause: &io::Error) -> StoreError {
    StoreError::Blocked(obstacle(cause), format!("{what}: {cause}"))
}

fn obstacle(error: &io::Error) -> Obstacle {
    match error.kind() {
        _ if has_no_more_files(error) => Obstacle::OpenFiles,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Obstacle::Rights,
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => {
            Obstacle::NoFile
        }
        _ => Obstacle::Disk,
    }
}

/// Repeats what SQLite does with the files, and returns the error of the operating system, if there is one.
///
/// It opens the folder and not the database: closing a file drops all locks that this process holds on it.
fn find_cause(database: &Path) -> io::Result<()> {
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    let opened: io::Result<Vec<File>> = (0..FILES).map(|_| File::open(folder)).collect();
    opened?;
    if fs::metadata(database)?.is_dir() {
        return Err(Errno::ISDIR.into());
    }
    let both = Access::READ_OK | Access::WRITE_OK;
    access(database, Access::READ_OK)?;
    for end in ["-wal", "-shm"] {
        let mut beside = database.as_os_str().to_owned();
        beside.push(end);
        match access(&*beside, both) {
            // It is created.
            Err(Errno::NOENT) => access(folder, Access::WRITE_OK | Access::EXEC_OK)?,
            other => other?,
        }
    }
    Ok(())
}
