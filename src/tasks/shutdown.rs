use std::io::{self, IsTerminal};
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
    ///
    /// On a terminal SIGHUP triggers it too: the terminal was closed. Elsewhere SIGHUP is ignored, since it
    /// comes from programs that rotate logs or expect a reload of settings.
    pub fn on_signals(drain_delay: Duration) -> io::Result<Self> {
        let shutdown = Self::default();
        let signals = Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
            // A terminal that has been closed is no terminal any more.
            has_terminal: io::stdin().is_terminal() || io::stderr().is_terminal(),
        };
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

/// The signals that concern the process.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
    has_terminal: bool,
}

impl Signals {
    /// Waits for a signal to stop.
    async fn first(&mut self) -> SignalKind {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return SignalKind::terminate(),
                _ = self.interrupt.recv() => return SignalKind::interrupt(),
                _ = self.hangup.recv() => {}
            }
            if self.has_terminal {
                return SignalKind::hangup();
            }
            tracing::warn!("SIGHUP ignored: settings are read at the start, so restart to change them");
        }
    }

    /// Waits for another signal to stop. SIGHUP is none: a terminal that is closed sends several.
    async fn second(&mut self) -> SignalKind {
        tokio::select! {
            _ = self.terminate.recv() => SignalKind::terminate(),
            _ = self.interrupt.recv() => SignalKind::interrupt(),
        }
    }
}

async fn listen(mut signals: Signals, shutdown: Shutdown, drain_delay: Duration) {
    let first = signals.first().await;
    tracing::info!(signal = first.as_raw_value(), "stopping; a second signal ends the process immediately");
    let second = tokio::select! {
        signal = signals.second() => signal,
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
