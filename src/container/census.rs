//! The census of password hashes, read again and again, so that decoys keep up with the accounts.

use std::time::Duration;

use crate::usecases::ReadHashCensus;

/// How often a process looks for a newer census.
const PAUSE: Duration = Duration::from_mins(1);

/// Reads the census at once, and every minute from then on.
pub(super) async fn keep_reading(census: &ReadHashCensus) {
    loop {
        if let Err(error) = census.run().await {
            tracing::warn!(%error, "census of password hashes not read; the one before stays in use");
        }
        tokio::time::sleep(PAUSE).await;
    }
}
