//! Tasks that run for as long as the process.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;

/// How long background tasks may take to end.
pub(super) const FINISH: Duration = Duration::from_secs(2);

/// Runs a task that never ends, and restarts it when it panics. Without it this process would miss changes by
/// others.
pub(super) async fn keep_running<F: Future<Output = ()>>(what: &'static str, run: impl Fn() -> F) {
    while AssertUnwindSafe(run()).catch_unwind().await.is_err() {
        tracing::error!(task = what, "background task panicked, restarting");
        tokio::time::sleep(FINISH).await;
    }
}
