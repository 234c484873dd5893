//! Graceful shutdown: the stop signal, and the tasks that the process waits for.

use std::future::Future;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The stop signal of the process, in two steps: draining, then stopping. Clones share one signal.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    draining: CancellationToken,
    stopping: CancellationToken,
}

impl Shutdown {
    /// A signal that SIGTERM or SIGINT triggers: draining at once, stopping after `drain_delay`. A second
    /// SIGTERM or SIGINT ends the process immediately.
    pub fn on_signals(drain_delay: Duration) -> std::io::Result<Self> {
        let shutdown = Self::default();
        let signals = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        spawn_detached(listen(signals, shutdown.clone(), drain_delay));
        Ok(shutdown)
    }

    /// Whether the process is about to stop. It still serves requests, but reports that it is not ready.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.is_cancelled()
    }

    /// Whether the process must take no new work.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Waits until [`is_draining`](Self::is_draining) is true.
    pub async fn draining(&self) {
        self.draining.cancelled().await;
    }

    /// Waits until [`is_stopping`](Self::is_stopping) is true.
    pub async fn stopping(&self) {
        self.stopping.cancelled().await;
    }

    /// Triggers the signal from within the process: draining at once, stopping after `drain_delay`.
    pub async fn begin(&self, drain_delay: Duration) {
        self.draining.cancel();
        tokio::time::sleep(drain_delay).await;
        self.stopping.cancel();
    }
}

async fn listen((mut terminate, mut interrupt): (Signal, Signal), shutdown: Shutdown, drain_delay: Duration) {
    let mut next = async || {
        tokio::select! {
            _ = terminate.recv() => SignalKind::terminate(),
            _ = interrupt.recv() => SignalKind::interrupt(),
        }
    };
    let first = next().await;
    tracing::info!(signal = first.as_raw_value(), "stopping; a second signal ends the process immediately");
    let second = tokio::select! {
        signal = next() => signal,
        () = async { shutdown.begin(drain_delay).await; std::future::pending().await } => return,
    };
    std::process::exit(128 + second.as_raw_value());
}

/// The set of tracked tasks: the process waits for them when it stops.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    running: TaskTracker,
    aborted: CancellationToken,
}

impl Tasks {
    /// Runs the future as a background task until it ends or is aborted.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let aborted = self.aborted.clone();
        // Boxed, because the future that waits for it would otherwise contain it a second time.
        let task = Box::pin(task);
        spawn_detached(self.running.track_future(async move {
            aborted.run_until_cancelled(task).await;
        }));
    }

    /// Waits for all tasks, aborts those that still run after `grace`, and returns the number of aborted
    /// tasks.
    pub async fn finish(self, grace: Duration) -> usize {
        self.running.close();
        if tokio::time::timeout(grace, self.running.wait()).await.is_ok() {
            return 0;
        }
        let left = self.running.len();
        self.aborted.cancel();
        self.running.wait().await;
        left
    }
}

/// Lets hyper spawn each HTTP/2 stream as a tracked task.
impl<F: Future<Output = ()> + Send + 'static> hyper::rt::Executor<F> for Tasks {
    fn execute(&self, task: F) {
        self.spawn(task);
    }
}

#[expect(clippy::disallowed_methods, reason = "the one home of tasks; the signal's own outlives the others")]
fn spawn_detached(task: impl Future<Output = ()> + Send + 'static) {
    drop(tokio::spawn(task));
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn tasks_are_waited_for_and_the_rest_is_aborted() {
        let (tasks, go) = (Tasks::default(), Arc::new(Notify::new()));
        let (waits, held) = (Arc::clone(&go), Arc::new(()));
        tasks.spawn(async move { waits.notified().await });
        let inside = Arc::clone(&held);
        tasks.spawn(async move {
            std::future::pending::<()>().await;
            drop(inside);
        });
        go.notify_one();
        assert_eq!(tasks.finish(Duration::from_millis(20)).await, 1);
        assert_eq!(Arc::strong_count(&held), 1, "the aborted task is gone");
    }

    #[tokio::test]
    async fn the_process_drains_before_it_stops() {
        let shutdown = Shutdown::default();
        let mut begun = Box::pin(shutdown.begin(Duration::from_hours(1)));
        assert!(futures_util::poll!(&mut begun).is_pending());
        assert!(shutdown.is_draining());
        assert!(futures_util::poll!(Box::pin(shutdown.stopping())).is_pending());
        shutdown.begin(Duration::ZERO).await;
        shutdown.stopping().await;
    }
}
