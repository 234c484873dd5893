//! Periodic reads of the census of password hashes, so that decoys follow the accounts.

use std::time::Duration;

use crate::usecases::ReadHashCensus;

/// The time between two reads.
const PAUSE: Duration = Duration::from_mins(1);

/// Reads the census at once, and then every minute.
pub(super) async fn keep_reading(census: &ReadHashCensus) {
    loop {
        if let Err(error) = census.run().await {
            tracing::warn!(%error, "failed to read the census of password hashes, using the previous one");
        }
        tokio::time::sleep(PAUSE).await;
    }
}
