use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::context::Context;
use super::exit::CliError;
use crate::container::Container;
use crate::usecases::{Failure, StoredKeyError};

/// The wait between two attempts to reach a database that is unavailable.
pub(super) const RETRY: Duration = Duration::from_millis(500);

/// Waits for the database, at most for `patience`. The error contains the reason, because at least one
/// attempt to connect ends before.
pub(super) async fn for_database(
    context: &Context,
    container: &Container,
    patience: Duration,
) -> Result<(), CliError> {
    let migrations = container.migrations();
    let mut last = None;
    let found = timeout(patience, async {
        while let Err(error) = migrations.status().await {
            if error.is_unsupported() {
                return Err(error);
            }
            tracing::warn!(%error, "database unreachable, waiting");
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
pub(super) async fn to_prepare(context: &Context, container: &Container) -> Result<bool, CliError> {
    match container.use_cases.prepare_signing_key.run().await {
        Ok(()) => {}
        Err(error @ StoredKeyError::OtherSecret) => return Err(context.key_error(&error)),
        Err(StoredKeyError::Failed(failure)) if failure.is_unsupported() => {
            return Err(context.failure(&failure));
        }
        Err(StoredKeyError::Failed(failure)) => return Ok(no_signing_key(&failure)),
    }
    // Before the first log-in if the database is available at the start. Otherwise log-ins until the census
    // is read get the default decoy.
    match container.use_cases.read_hash_census.run().await {
        Ok(()) => {}
        Err(failure) if failure.is_passing() => {
            tracing::warn!(reason = %failure, "not ready: failed to read the census of password hashes, retrying");
            return Ok(false);
        }
        Err(failure) => {
            tracing::warn!(%failure, "failed to read the census of password hashes; decoys cost as much as new hashes");
        }
    }
    Ok(container.seal_signing_keys().await.map_or_else(|failure| no_signing_key(&failure), |()| true))
}

/// Waits until the database proves to be one that would give wrong results. Waiting cannot resolve that.
pub(super) async fn until_unusable(context: &Context, container: &Container) -> CliError {
    context.store_error(&container.unusable().await)
}

fn no_signing_key(failure: &Failure) -> bool {
    tracing::warn!(reason = %failure, "not ready: failed to prepare the signing key, retrying");
    false
}
