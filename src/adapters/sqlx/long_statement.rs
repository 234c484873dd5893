//! Statements that may take longer than those of a request: those of jobs and of the command line.

use std::time::Duration;

/// How long PostgreSQL works on one of them. No request waits for it, and a job that is cut short each time would never get
/// anywhere. Less than the lease of a job.
pub(super) const LIMIT: Duration = Duration::from_secs(10);
/// The limit ends with the transaction, so it reaches no other statement on the same connection, also by way of a pooler.
pub(super) const BEGIN: &str = "SET LOCAL statement_timeout = 10000";
const _: () = assert!(LIMIT.as_millis() == 10_000);

/// Runs one statement in a transaction that has the longer limit. SQLite has no limit.
macro_rules! long_statement {
    ($pool:expr, |$db:ident| $statement:expr) => {
        match $pool {
            Pool::Postgres(leases, patience) => {
                let patience = $crate::adapters::sqlx::run::Patience(
                    patience.0 + $crate::adapters::sqlx::long_statement::LIMIT,
                );
                let answer = async {
                    let mut lease = leases.begin().await?;
                    let begin = sqlx::raw_sql($crate::adapters::sqlx::long_statement::BEGIN);
                    begin.execute(lease.connection()?).await?;
                    let $db = lease.connection()?;
                    let answer = $statement.await?;
                    lease.commit().await?;
                    Ok(answer)
                };
                patience.wait(answer).await
            }
            Pool::Sqlite($db) => $statement.await.map_err(<StoreError as From<sqlx::Error>>::from),
        }
    };
}
pub(super) use long_statement;
