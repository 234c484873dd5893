//! Which process of the server works for a connection, and how another connection reaches it.

use std::str::FromStr;

use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::Sessions;
use crate::config::Pooler;
use crate::ports::store::StoreError;

/// A moment of the server's clock as microseconds of Unix time.
macro_rules! microseconds {
    ($moment:literal) => {
        concat!("(extract(epoch FROM ", $moment, ") * 1000000)::bigint")
    };
}
pub(super) use microseconds;

/// A process of the server that works for a connection.
#[derive(Clone, Copy)]
pub(in super::super) struct Process {
    pub(in super::super) pid: i32,
    /// When it began, or, where it works for others too, when the transaction did: microseconds of Unix time
    /// by the server's clock. The number of a process comes again.
    pub(in super::super) since: i64,
}

impl Sessions {
    /// A statement that signals a process ([`Pooler::signal`]).
    pub(in super::super) fn signal(&self, process: Process, sent: i64, is_stuck: bool) -> String {
        self.pooler.signal(process, sent, is_stuck)
    }
}

impl Pooler {
    /// A statement that cancels what a process does, if that began before this moment of the server's clock,
    /// or that ends a process which is stuck. It has no row where the process has gone or does something
    /// else, and says `idle` where the process may be another client's by now, and `hidden` where this user
    /// may not know.
    fn signal(self, process: Process, sent: i64, is_stuck: bool) -> String {
        let Process { pid, since } = process;
        let hidden = "query = '<insufficient privilege>'";
        let query = concat!("state = 'active' AND ", microseconds!("query_start"));
        let (began, idle) = match self {
            Pooler::Session if is_stuck => (microseconds!("backend_start"), String::new()),
            Pooler::Session => {
                (microseconds!("backend_start"), format!("WHEN ({query} <= {sent}) IS NOT TRUE THEN 'idle' "))
            }
            Pooler::Transaction => (microseconds!("xact_start"), String::new()),
        };
        let signal = if is_stuck { "pg_terminate_backend" } else { "pg_cancel_backend" };
        format!(
            "SELECT CASE WHEN {hidden} THEN 'hidden' {idle}ELSE {signal}(pid)::text END \
             FROM pg_stat_activity WHERE pid = {pid} AND ({began} = {since} OR {hidden})"
        )
    }
}

impl Process {
    /// From these two columns of text.
    pub(super) fn read(row: &PgRow, pid: usize, since: usize) -> Result<Self, StoreError> {
        Ok(Self { pid: number(row, pid)?, since: number(row, since)? })
    }
}

pub(super) fn pid(row: &PgRow) -> Result<i32, StoreError> {
    number(row, 0)
}

pub(super) fn number<T: FromStr>(row: &PgRow, column: usize) -> Result<T, StoreError> {
    let text: &str = row.try_get(column)?;
    text.parse().map_err(|_| StoreError::Unavailable(format!("PostgreSQL names no process: {text}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_reaches_only_the_process_and_the_query_that_it_is_for() {
        let process = Process { pid: 7, since: 1_000 };
        let session = |is_stuck| Pooler::Session.signal(process, 2_000, is_stuck);
        let transaction = Pooler::Transaction.signal(process, 2_000, false);
        for (ask, began) in [
            (session(false), "backend_start"),
            (session(true), "backend_start"),
            (transaction.clone(), "xact_start"),
        ] {
            let same = format!("pid = 7 AND ((extract(epoch FROM {began}) * 1000000)::bigint = 1000 OR");
            assert!(ask.contains(&same), "{ask}");
        }
        let later = "query_start) * 1000000)::bigint <= 2000) IS NOT TRUE THEN 'idle'";
        assert!(session(false).contains(later));
        assert!(session(false).contains("ELSE pg_cancel_backend(pid)"));
        assert!(session(true).contains("ELSE pg_terminate_backend(pid)"));
        assert!(transaction.contains("ELSE pg_cancel_backend(pid)"));
    }
}
