//! Stores refreshes whose response was lost.

use std::time::Duration;

use super::Container;

/// The time between two attempts: a small part of the time that others wait for the result.
const PAUSE: Duration = Duration::from_millis(500);

impl Container {
    /// Stores lost refreshes periodically, and a last time at the end.
    pub(super) fn store_undelivered_refreshes(&self) {
        let (use_cases, stop) = (self.use_cases.clone(), self.stop.clone());
        self.tasks.spawn(async move {
            loop {
                if let Err(error) = use_cases.undelivered_refreshes.run().await {
                    tracing::debug!(%error, "refreshes whose answer was lost are not stored yet");
                }
                tokio::select! {
                    () = tokio::time::sleep(PAUSE) => {}
                    () = stop.stopping() => break,
                }
            }
            if let Err(error) = use_cases.undelivered_refreshes.run().await {
                tracing::warn!(%error, "refreshes whose answer was lost are not stored; a late retry of one ends its session");
            }
        });
    }
}
