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
            close(socket).await;
            drop(connection);
        }
    }

    fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    fn hold_in(&self, place: OwnedSemaphorePermit, socket: TcpStream) {
        let end = self.end();
        self.tasks.spawn(async move {
            end.await;
            close(socket).await;
            drop(place);
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
    use futures_util::FutureExt as _;
    use tokio::io::AsyncReadExt as _;
    use tokio::net::TcpListener;
    use tokio::time::{Instant, pause};

    use super::*;
    use crate::api::budget::{Budget, Ledger};

    /// Both ends of a connection, the client first.
    async fn connected() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let socket = listener.accept().await.unwrap().0;
        socket.writable().await.unwrap();
        (client, socket)
    }

    fn counted(peer: &str) -> Arc<Connection> {
        let budget = Budget { connections: 8, http_2: 1, requests: 1, unsent: 4 };
        let ledger = Ledger::new(budget, vec!["10.0.0.0/8".parse().unwrap()], Arc::default());
        Connection::open(&ledger, peer.parse().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn a_refused_connection_counts_for_its_address_only_where_no_place_is_left() {
        let holder = Holder::new(Tasks::default(), Shutdown::default());
        let mut taken = Vec::new();
        for is_counted in [false, true] {
            if is_counted {
                taken.extend(std::iter::from_fn(|| holder.place()));
            }
            let (mut client, socket) = connected().await;
            let connection = counted("203.0.113.9");
            let counts = Arc::downgrade(&connection);
            // Polled once, so that nothing depends on the time.
            let mut refusing = Box::pin(holder.refuse_http_2(socket, connection));
            assert_eq!((&mut refusing).now_or_never().is_none(), is_counted);
            assert_eq!(counts.strong_count(), usize::from(is_counted));
            let mut reason = [0; REJECTION.len()];
            client.read_exact(&mut reason).await.unwrap();
            assert_eq!(reason, REJECTION);
        }
        assert_eq!(taken.len(), MOST_HELD - 1);
    }

    #[tokio::test]
    async fn a_proxy_gets_the_reason_at_once_whatever_it_sent() {
        let holder = Holder::new(Tasks::default(), Shutdown::default());
        let (mut client, socket) = connected().await;
        client.write_all(&[0; 10_000]).await.unwrap();
        socket.readable().await.unwrap();
        holder.refuse_http_2(socket, counted("10.0.0.1")).await;
        let mut reason = Vec::new();
        client.read_to_end(&mut reason).await.unwrap();
        assert_eq!(reason, REJECTION);
        // A system may drop what has arrived on a connection that is reset.
        assert!(client.take_error().unwrap().is_none());
        assert_eq!(holder.places.available_permits(), MOST_HELD);
    }

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
