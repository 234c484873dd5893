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

/// The first wait before a part is begun again, and the longest.
const WAIT: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));
/// A part that ran for so long was well.
const WELL: Duration = Duration::from_mins(1);

/// One thing that a worker does all the time.
#[async_trait]
pub(super) trait BackgroundTask: Send + Sync {
    /// What the log calls it.
    fn name(&self) -> String;

    /// Does it until the process is to stop, and then finishes what it holds.
    async fn run(&self, stop: &Shutdown) -> Result<(), StoreError>;
}

/// Keeps a part running: one that ends, fails or panics is begun again, until the process is to stop.
pub(super) async fn supervise(
    part: Arc<dyn BackgroundTask>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    stop: Shutdown,
) {
    let name = part.name();
    let mut failures = 0;
    while !stop.is_stopping() {
        let began = clock.monotonic();
        match AssertUnwindSafe(part.run(&stop)).catch_unwind().await {
            Ok(Ok(())) if stop.is_stopping() => return,
            Ok(Ok(())) => tracing::error!(part = name, "a part of the worker ended; it is begun again"),
            Ok(Err(error)) => {
                tracing::warn!(part = name, %error, "a part of the worker failed; it is begun again");
            }
            Err(panic) => {
                let error = panic_text(&*panic);
                tracing::error!(part = name, error, "a part of the worker panicked; it is begun again");
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

/// What a panic said.
pub(super) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic without words")
}
