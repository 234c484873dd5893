use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;

use super::frames::REJECTION;
use crate::api::budget::Connection;
use crate::tasks::{Shutdown, Tasks};

/// How long a refused connection stays open without being read. A client that connects again as soon as it is
/// closed would otherwise do so thousands of times a second.
const HELD: Duration = Duration::from_secs(1);
/// The maximum number of connections, of all addresses together, that are held without counting for the
/// limits of their address. Each takes a file descriptor, and what the kernel has received for it.
const MOST_HELD: usize = 128;

/// How often received bytes are discarded before a connection is closed, so that a client that sends without
/// an end does not keep it open.
const MOST_DISCARDED: usize = 16;

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

    /// Closes a connection after [`HELD`], or at once if too many are held.
    pub(super) fn hold(&self, socket: TcpStream) {
        if let Some(place) = self.place() {
            self.hold_in(place, socket);
        }
    }

    /// Tells a client that it may not use HTTP/2 now, and closes the connection later, so that the client
    /// does not come again at once.
    pub(super) async fn refuse_http_2(&self, socket: TcpStream, connection: Arc<Connection>) {
        // These are the first bytes on this connection, so the kernel has room for them.
        let tell = || drop(socket.try_write(&REJECTION));
        // The connections of a proxy are those of many clients.
        if connection.is_trusted() {
            tell();
            close(socket).await;
        } else if let Some(place) = self.place() {
            // The place of its address is free at once: others behind that address may use HTTP/1.
            drop(connection);
            tell();
            self.hold_in(place, socket);
        } else {
            tell();
            self.end().await;
            drop((socket, connection));
        }
    }

    fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    fn hold_in(&self, place: OwnedSemaphorePermit, socket: TcpStream) {
        let end = self.end();
        self.tasks.spawn(async move {
            end.await;
            drop((socket, place));
        });
    }

    /// Waits for the end of a connection that is refused now.
    fn end(&self) -> impl Future<Output = ()> + Send + use<> {
        let shutdown = self.shutdown.clone();
        async move {
            tokio::select! {
                () = sleep(HELD) => {}
                () = shutdown.stopping() => {}
            }
        }
    }
}

/// Closes a connection. Discards what has arrived: if bytes are left unread, the kernel resets the
/// connection, and the client can lose what was sent to it.
async fn close(mut socket: TcpStream) {
    let mut discarded = [0; 4096];
    for _ in 0..MOST_DISCARDED {
        if !matches!(socket.try_read(&mut discarded), Ok(1..)) {
            break;
        }
    }
    // An error ends the connection too.
    let _ = socket.shutdown().await;
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
        for socket in sockets {
            holder.hold(socket);
        }
        // No task has run yet, so nothing depends on the time.
        assert_eq!(holder.places.available_permits(), 0);
        let mut beyond = clients.pop().unwrap();
        assert_eq!(beyond.read(&mut [0]).await.unwrap(), 0);
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
