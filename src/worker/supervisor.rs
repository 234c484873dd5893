use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt;
use tokio::time::sleep;

use crate::ports::{Clock, Ids, StoreError};
use crate::tasks::Shutdown;
use crate::worker::backoff;

/// The first and the longest wait before a task is restarted.
const WAIT: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));
/// A task that ran this long counts as healthy.
const WELL: Duration = Duration::from_mins(1);

/// A background task of a worker.
#[async_trait]
pub(super) trait BackgroundTask: Send + Sync {
    /// The name in the log.
    fn name(&self) -> String;

    /// Works until the process stops, and then finishes the claimed work.
    async fn run(&self, stop: &Shutdown) -> Result<(), StoreError>;
}

/// Restarts a task that ends, fails or panics, until the process stops.
pub(super) async fn supervise(
    task: Arc<dyn BackgroundTask>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    stop: Shutdown,
) {
    let name = task.name();
    let mut failures = 0;
    while !stop.is_stopping() {
        let began = clock.monotonic();
        match AssertUnwindSafe(task.run(&stop)).catch_unwind().await {
            Ok(Ok(())) if stop.is_stopping() => return,
            Ok(Ok(())) => tracing::error!(task = name, "background task ended, restarting"),
            Ok(Err(error)) => {
                tracing::warn!(task = name, %error, "background task failed, restarting");
            }
            Err(panic) => {
                let error = panic_text(&*panic);
                tracing::error!(task = name, error, "background task panicked, restarting");
            }
        }
        failures = if clock.monotonic() > began + WELL { 1 } else { failures + 1 };
        let wait = backoff::after(failures, WAIT.0, WAIT.1, ids.uuid());
        tokio::select! {
            () = sleep(wait) => {}
            () = stop.stopping() => {}
        }
    }
}

/// The message of a panic.
pub(super) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic without a message")
}
