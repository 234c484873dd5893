use std::any::Any;
use std::fmt::Display;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::time::{Instant, sleep};

use super::backoff::Backoff;
use super::shutdown::Shutdown;
use crate::ports::Ids;

/// The first and the longest wait before a task is restarted.
const WAIT: Backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(5));
/// A task that ran this long counts as healthy.
const WELL: Duration = Duration::from_mins(1);

/// Runs a background task, and restarts it when it ends, fails or panics, until the process stops. `name` is
/// its name in the log.
pub async fn supervise<F, E>(name: &str, ids: &dyn Ids, stop: &Shutdown, run: impl Fn() -> F)
where
    F: Future<Output = Result<(), E>>,
    E: Display,
{
    let mut backoff = WAIT;
    while !stop.is_stopping() {
        let began = Instant::now();
        match AssertUnwindSafe(run()).catch_unwind().await {
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
        if began.elapsed() > WELL {
            backoff.reset();
        }
        tokio::select! {
            () = sleep(backoff.jittered_wait(ids.chance())) => {}
            () = stop.stopping() => {}
        }
    }
}

/// The message of a panic.
#[must_use]
pub fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic without a message")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use uuid::Uuid;

    use super::*;
    use crate::domain::Salt;

    struct Zeros;

    impl Ids for Zeros {
        fn uuid(&self) -> Uuid {
            Uuid::nil()
        }

        fn salt(&self) -> Salt {
            Salt([0; 16])
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_fails_or_ends_is_restarted_after_growing_waits_until_the_stop() {
        let (stop, runs, began) = (Shutdown::default(), AtomicU32::new(0), Instant::now());
        let run = async || match runs.fetch_add(1, Ordering::SeqCst) {
            0 => panic!("the first run"),
            1 => Err("the second run"),
            2 => Ok(()),
            _ => {
                stop.begin(Duration::ZERO).await;
                Ok(())
            }
        };
        supervise("test", &Zeros, &stop, run).await;
        assert_eq!(runs.load(Ordering::SeqCst), 4);
        // Half of each wait: the random share is zero.
        assert_eq!(began.elapsed(), Duration::from_millis(100 + 200 + 400));
    }
}
