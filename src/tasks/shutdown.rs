use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::tracked::spawn_detached;

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

#[cfg(test)]
mod tests {
    use super::*;

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
