use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;

use crate::tasks::{Shutdown, Tasks};

/// How long a refused connection stays open without being read. A client that connects again as soon as it is
/// closed would otherwise do so thousands of times a second.
const HELD: Duration = Duration::from_secs(1);
/// The maximum number of connections, of all addresses together, that are held without counting for the
/// limits of their address. Each takes a file descriptor, and what the kernel has received for it.
const MOST_HELD: usize = 128;

/// Holds refused connections.
pub(super) struct Holder {
    places: Arc<Semaphore>,
    tasks: Tasks,
    shutdown: Shutdown,
}

impl Holder {
    pub(super) fn new(tasks: Tasks, shutdown: Shutdown) -> Self {
        Self { places: Arc::new(Semaphore::new(MOST_HELD)), tasks, shutdown }
    }

    /// Returns a place if there is one left.
    pub(super) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    /// Closes a connection after [`HELD`], and returns at once.
    pub(super) fn hold(&self, socket: TcpStream, place: OwnedSemaphorePermit) {
        let end = self.end();
        self.tasks.spawn(async move {
            end.await;
            drop((socket, place));
        });
    }

    /// Waits for the end of a connection that is refused now.
    pub(super) fn end(&self) -> impl Future<Output = ()> + Send + use<> {
        let shutdown = self.shutdown.clone();
        async move {
            tokio::select! {
                () = sleep(HELD) => {}
                () = shutdown.stopping() => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;
    use tokio::net::TcpListener;
    use tokio::time::{Instant, pause};

    use super::*;

    #[tokio::test]
    async fn a_bounded_number_is_held_and_none_after_the_stop() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (mut clients, mut sockets) = (Vec::new(), Vec::new());
        for _ in 0..=MOST_HELD {
            clients.push(TcpStream::connect(listener.local_addr().unwrap()).await.unwrap());
            sockets.push(listener.accept().await.unwrap().0);
        }
        let (shutdown, tasks) = (Shutdown::default(), Tasks::default());
        let holder = Holder::new(tasks.clone(), shutdown.clone());
        let beyond = sockets.pop().unwrap();
        for socket in sockets {
            holder.hold(socket, holder.place().unwrap());
        }
        // No task has run yet, so nothing depends on the time.
        assert!(holder.place().is_none());
        drop(beyond);
        // The clock moves only when nothing else can run.
        pause();
        let begun = Instant::now();
        shutdown.begin(Duration::ZERO).await;
        assert_eq!(tasks.finish(Duration::from_mins(1)).await, 0);
        assert!(begun.elapsed() < HELD);
        assert_eq!(holder.places.available_permits(), MOST_HELD);
        assert_eq!(clients[0].read(&mut [0]).await.unwrap(), 0);
    }
}
