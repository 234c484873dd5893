use std::future::Future;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

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
pub(super) fn spawn_detached(task: impl Future<Output = ()> + Send + 'static) {
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
}
