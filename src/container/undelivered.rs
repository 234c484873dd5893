//! Stores refreshes whose response was lost.

use std::time::Duration;

use super::Container;

/// The time between two attempts: a small part of the time that others wait for the result.
const PAUSE: Duration = Duration::from_millis(500);

impl Container {
    /// Stores lost refreshes periodically, and a last time at the end.
    pub(super) fn store_undelivered_refreshes(&self) {
        self.run_to_the_end("undelivered refreshes", &self.use_cases, |use_cases, stop| async move {
            loop {
                if let Err(error) = use_cases.undelivered_refreshes.run().await {
                    tracing::debug!(%error, "failed to store undelivered refreshes, retrying");
                }
                tokio::select! {
                    () = tokio::time::sleep(PAUSE) => {}
                    () = stop.stopping() => break,
                }
            }
            if let Err(error) = use_cases.undelivered_refreshes.run().await {
                tracing::warn!(%error, "failed to store undelivered refreshes, a late retry of one ends its session");
            }
        });
    }
}
