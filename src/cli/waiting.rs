use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::context::Context;
use super::exit::CliError;
use crate::container::Container;
use crate::usecases::{Failure, StoredKeyError};

/// The wait between two attempts to reach a database that is unavailable.
pub(super) const RETRY: Duration = Duration::from_millis(500);

/// How often the log repeats a reason.
const REPEAT: Duration = Duration::from_secs(10);

/// The reason that a process was last known to wait for: the log has each new one at once, and one that stays
/// from time to time.
#[derive(Default)]
pub(super) struct LastReason(Option<(String, Instant)>);

impl LastReason {
    /// Whether the log should have this reason now.
    fn is_due(&mut self, reason: &impl ToString) -> bool {
        let reason = reason.to_string();
        let is_due = self.0.as_ref().is_none_or(|(last, at)| *last != reason || at.elapsed() >= REPEAT);
        if is_due {
            self.0 = Some((reason, Instant::now()));
        }
        is_due
    }

    /// The reason; empty if there is none.
    pub fn text(&self) -> &str {
        self.0.as_ref().map_or("", |(reason, _)| reason)
    }
}

/// Waits for the database, at most for `patience`. The error contains the reason, because at least one
/// attempt to connect ends before.
pub(super) async fn for_database(
    context: &Context,
    container: &Container,
    patience: Duration,
) -> Result<(), CliError> {
    let migrations = container.migrations();
    let (mut last, mut logged) = (None, LastReason::default());
    let found = timeout(patience, async {
        while let Err(error) = migrations.status().await {
            if error.is_unsupported() {
                return Err(error);
            }
            if logged.is_due(&error) {
                tracing::warn!(%error, "database unreachable, waiting");
            }
            last = Some(error);
            sleep(RETRY).await;
        }
        Ok(())
    });
    let found = match (found.await, last) {
        (Ok(found), _) => found,
        (Err(_), Some(error)) => Err(error),
        (Err(_), None) => tokio::select! {
            found = migrations.status() => found.map(drop),
            error = container.unconnected() => Err(error),
        },
    };
    found.map_err(|error| context.store_error(&error))
}

/// Ensures an active signing key that is sealed under the secret key of this process: under another one the
/// links in mails would not match the stored digests. Returns false if that needs the database and it is
/// unavailable.
pub(super) async fn to_prepare(
    context: &Context,
    container: &Container,
    logged: &mut LastReason,
) -> Result<bool, CliError> {
    match container.use_cases.keys.prepare.run().await {
        Ok(()) => {}
        Err(error @ StoredKeyError::OtherSecret) => return Err(context.key_error(&error)),
        Err(StoredKeyError::Failed(failure)) if failure.is_unsupported() => {
            return Err(context.failure(&failure));
        }
        Err(StoredKeyError::Failed(failure)) => return Ok(no_signing_key(&failure, logged)),
    }
    // Before the first log-in if the database is available at the start. Otherwise log-ins until the census
    // is read get the default decoy.
    match container.use_cases.passwords.read_hash_census.run().await {
        Ok(()) => {}
        Err(failure) if failure.is_passing() => {
            if logged.is_due(&failure) {
                tracing::warn!(reason = %failure, "not ready: failed to read the census of password hashes, retrying");
            }
            return Ok(false);
        }
        Err(failure) => {
            tracing::warn!(%failure, "failed to read the census of password hashes; decoys cost as much as new hashes");
        }
    }
    Ok(container.seal_signing_keys().await.map_or_else(|failure| no_signing_key(&failure, logged), |()| true))
}

/// Waits until the database proves to be one that would give wrong results. Waiting cannot resolve that.
pub(super) async fn until_unusable(context: &Context, container: &Container) -> CliError {
    context.store_error(&container.unusable().await)
}

fn no_signing_key(failure: &Failure, logged: &mut LastReason) -> bool {
    if logged.is_due(failure) {
        tracing::warn!(reason = %failure, "not ready: failed to prepare the signing key, retrying");
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_new_reason_is_logged_at_once_and_one_that_stays_from_time_to_time() {
        let mut logged = LastReason::default();
        let mut is_due = |reason: &str| logged.is_due(&reason);
        assert!(is_due("refused"));
        assert!(!is_due("refused"));
        assert!(is_due("not migrated"));
        tokio::time::advance(REPEAT.checked_sub(RETRY).unwrap()).await;
        assert!(!is_due("not migrated"));
        tokio::time::advance(RETRY).await;
        assert!(is_due("not migrated"));
        assert!(is_due("refused"));
    }
}
